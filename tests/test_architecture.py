"""The rules of the code base: structure, file lengths, and what no file may do."""

from __future__ import annotations

import ast
import re
import tomllib
from inspect import iscoroutinefunction
from pathlib import Path
from statistics import median

import grimp
from slack_sdk.web.async_client import AsyncWebClient

from tests.source_code import (
    PRODUCT,
    ROOT,
    Function,
    functions,
    python_files,
    relative_name,
    source,
    syntax_tree,
    violations,
)

MAX_LINES = {"bot": 300, "handlers": 300, "storage": 300, "tests": 400}
"""How long a file may be, in lines, by folder."""

PATCHING_TESTS = {
    "tests/cli/conftest.py": "commands read their arguments from `sys.argv`, which is global",
    "tests/cli/test_cli.py": "a bug in a command, which no input can cause",
    "tests/exports/conftest.py": "switches the `datasets` library to offline mode",
}
"""Tests that replace something temporarily, and why there is no other way."""

REGISTRIES = (
    *(
        "KINDS",
        "FORMATS",
        "READERS",
        "SHAPES",
        "WRITERS",
        "JOBS",
        "MESSAGE_TYPES",
        "MESSAGE_CLASSES",
    ),
    *("ACTIONS", "SUBMISSIONS", "SUBCOMMANDS", "EVENTS", "SETTING_INPUTS"),
)

CROSS_LAYER_TESTS = ("journeys", "benchmarks", "faults", "fuzz", "mutants")
"""Test folders that cover the whole product."""

GENERAL_TESTS = {
    "tests/api/test_commands.py": "compares the commands with the operations",
    "tests/test_registry.py": "the registries of all packages",
    "tests/exports/formats/test_trl_formats.py": "the formats of TRL that have a file each",
    "tests/services/exports/test_trl_exports.py": "pairs of ratings, and prompts",
    "tests/imports/shapes/test_published_formats.py": "formats that need a shape of their own",
    "tests/services/imports/test_published_tables.py": "published figures from import to report",
    "tests/services/imports/test_round_trip.py": "texts from the import to the export and back",
    "tests/services/imports/test_written_texts.py": "texts from the file to the screen",
    "tests/slack/views/test_exact_texts.py": "formulas and code on every screen of a task",
    "tests/services/test_concurrent_actions.py": "actions of two people at the same moment",
    "tests/services/test_random_histories.py": "invariants over random sequences of actions",
    "tests/test_architecture.py": "this file",
    "tests/test_benchmarks.py": "the benchmarks still run",
    "tests/test_documented_kind.py": "the example of docs/adding-a-kind.md works",
    "tests/test_glossary.py": "screens and pages use the terms of the glossary",
    "tests/test_lock_files.py": "what the lock files pin",
    "tests/test_names.py": "names in the product and the tests",
    "tests/test_recipes.py": "the code of docs/recipes.md runs",
    "tests/test_wheel.py": "the wheel is complete and runs",
}
"""Tests that belong to no single module, and what they cover."""

SQL_LIBRARIES = re.compile(r"(?:sqlalchemy|sqlmodel)(?:\.|$)")

NO_SQL = {
    "sqlmodel.Session": "the type of a parameter",
    "sqlalchemy.engine.make_url": "parses DATABASE_URL",
    "sqlalchemy.exc.ArgumentError": "DATABASE_URL is invalid",
    "sqlalchemy.exc.DBAPIError": "the database cannot be reached",
    "sqlalchemy.exc.IntegrityError": "another process was first",
}
"""Names that code outside `storage` may import from the SQL libraries, and why."""

DRAWING = tuple(f"bot/slack/{name}" for name in ("blockkit", "campaign_form", "forms", "views"))
"""Packages that build Block Kit structures."""

UNTYPED_DRAWING = {
    "bot/slack/blockkit/entries.py": "defines the types of what Slack sends: `state.values`",
    "bot/slack/blockkit/message_size.py": "counts and cuts texts anywhere in a block",
}
"""Files of these packages that may use `Any`, and why."""

STATEMENT_METHODS = {"exec", "execute", "exec_driver_sql", "scalar", "scalars"}
"""Methods that run a statement."""


def test_there_are_no_import_cycles() -> None:
    graph = grimp.build_graph(*PRODUCT, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    while leaves := {module for module, below in imports.items() if not below & imports.keys()}:
        imports = {module: below for module, below in imports.items() if module not in leaves}
    assert imports == {}


def test_sandbox_contract_forbids_every_other_module() -> None:
    configuration = tomllib.loads(source(ROOT / "pyproject.toml"))["tool"]["importlinter"]
    forbidden = next(
        contract["forbidden_modules"]
        for contract in configuration["contracts"]
        if contract.get("source_modules") == ["bot.sandbox"]
    )
    graph = grimp.build_graph(*PRODUCT, cache_dir=None)
    others = {"handlers", "storage", *graph.find_children("bot")} - {"bot.sandbox"}
    assert set(forbidden) == others


def test_ids_are_not_replaced_by_zero() -> None:
    def has_default_id(node: ast.AST) -> bool:
        if not (isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or)):
            return False
        first, last = node.values[0], node.values[-1]
        name = getattr(first, "attr", getattr(first, "id", ""))
        return (name == "id" or name.endswith("_id")) and ast.unparse(last) == "0"

    def default_ids(path: Path) -> list[object]:
        return [ast.unparse(node) for node in ast.walk(syntax_tree(path)) if has_default_id(node)]

    assert violations(default_ids, *PRODUCT, "tests") == {}  # use `storage.row_id`


def test_sql_is_only_in_storage() -> None:
    def sql(path: Path) -> list[object]:
        nodes = list(ast.walk(syntax_tree(path)))
        imported = [
            f"{node.module}.{name.name}"
            for node in nodes
            if isinstance(node, ast.ImportFrom) and node.module
            for name in node.names
        ]
        imported += [
            name.name for node in nodes if isinstance(node, ast.Import) for name in node.names
        ]
        called = [
            node.func.attr
            for node in nodes
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        ]
        return [
            *(name for name in imported if SQL_LIBRARIES.match(name) and name not in NO_SQL),
            *(name for name in called if name in STATEMENT_METHODS),
        ]

    assert violations(sql, "bot", "handlers") == {}


def test_files_are_short() -> None:
    too_long = {
        relative_name(path): len(source(path).splitlines())
        for folder, maximum in MAX_LINES.items()
        for path in python_files(folder)
        if len(source(path).splitlines()) > maximum
    }
    generated = "storage/migrations/versions/"
    assert [path for path in too_long if not path.startswith(generated)] == []


def test_functions_are_short() -> None:
    lengths = [
        (node.end_lineno or 0) - node.body[0].lineno + (0 if ast.get_docstring(node) else 1)
        for path in python_files(*PRODUCT)
        for node in functions(syntax_tree(path))
    ]
    assert median(lengths) < 10


def test_annotations_are_not_evaluated_at_import() -> None:
    def evaluated(path: Path) -> list[object]:
        body = [
            node for node in syntax_tree(path).body if not isinstance(node, ast.Expr | ast.Assign)
        ]
        first = body[:1]
        futures = [
            node
            for node in first
            if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        ]
        return [] if futures == first else [first[0].lineno]

    assert violations(evaluated, *PRODUCT, "tests") == {}


def test_public_names_have_docstrings() -> None:
    def undocumented(path: Path) -> list[object]:
        tree = syntax_tree(path)
        names = [
            node.name
            for scope in ast.walk(tree)
            if isinstance(scope, ast.Module | ast.ClassDef)
            and not getattr(scope, "name", "").startswith("_")
            for node in scope.body
            if isinstance(node, Function | ast.ClassDef)
            and not node.name.startswith("_")
            and ast.get_docstring(node) is None
        ]
        return [*([] if ast.get_docstring(tree) else ["the module"]), *names]

    generated = "storage/migrations/versions/"
    assert all(path.startswith(generated) for path in violations(undocumented, *PRODUCT))


def test_nothing_is_mocked() -> None:
    def mocks(path: Path) -> list[object]:
        return [
            node.lineno
            for node in ast.walk(syntax_tree(path))
            if (isinstance(node, ast.ImportFrom) and "mock" in (node.module or ""))
            or (isinstance(node, ast.Import) and "mock" in str([name.name for name in node.names]))
            or (isinstance(node, ast.Attribute) and node.attr == "setattr")
        ]

    assert violations(mocks, *PRODUCT, "tests").keys() == PATCHING_TESTS.keys()


def test_payloads_of_messages_are_read_only_by_the_parser() -> None:
    """Everything else reads the fields of a dataclass, which the type checker knows."""

    def reads(path: Path) -> list[object]:
        return [
            node.lineno
            for node in ast.walk(syntax_tree(path))
            if isinstance(node, ast.Attribute) and node.attr == "payload"
        ]

    found = violations(reads, *PRODUCT)
    outside = {path for path in found if not path.startswith("bot/sandbox/")}
    assert outside == {"bot/services/outbox/queued_messages.py"}, "it calls `parse_message`"
    tree = syntax_tree(ROOT / "bot/services/outbox/queued_messages.py")
    calls = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert [call for call in calls if call.endswith("row.payload)")] == [
        "parse_message(row.message_type, row.payload)"
    ]
    assert len(found["bot/services/outbox/queued_messages.py"]) == 1


def test_block_kit_structures_are_typed() -> None:
    """Everything is a TypedDict of `bot.slack.blockkit.types`, so a wrong key fails mypy."""

    def untyped(path: Path) -> list[object]:
        nodes = ast.walk(syntax_tree(path))
        return [n.lineno for n in nodes if isinstance(n, ast.Name) and n.id in ("Any", "cast")]

    assert violations(untyped, *DRAWING).keys() == UNTYPED_DRAWING.keys()


def test_suppressed_warnings_give_a_reason() -> None:
    suppression = re.compile(r"#\s*(?:noqa|type: ignore)\b")
    with_reason = re.compile(
        r"#\s*noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*(?: - |  )\S"
        r"|#\s*type: ignore\[[\w\-, ]+\]\s+# \S"
    )

    def unexplained(path: Path) -> list[object]:
        lines = enumerate(source(path).splitlines(), start=1)
        return [n for n, line in lines if suppression.search(line) and not with_reason.search(line)]

    assert violations(unexplained, *PRODUCT, "tests").keys() <= {relative_name(Path(__file__))}


def test_tests_mirror_the_product() -> None:
    def misplaced(path: Path) -> list[object]:
        place = path.relative_to(ROOT / "tests")
        if place.parts[0] in CROSS_LAYER_TESTS or not path.stem.startswith("test_"):
            return []
        folders = [
            top / place.parent for top in (ROOT, ROOT / "bot") if (top / place.parent).is_dir()
        ]
        module = path.stem.removeprefix("test_")
        words = module.split("_")
        names = ["_".join(words[:end]) for end in range(1, len(words) + 1)]  # module, then subject
        candidates = [folder / f"{name}.py" for folder in folders for name in names]
        candidates += [folder / module for folder in folders]
        is_about_folder = module == place.parent.name or (folders and place.parts[0] == "sandbox")
        exists = is_about_folder or any(candidate.exists() for candidate in candidates)
        return [] if exists else ["no such module"]

    assert violations(misplaced, "tests").keys() == GENERAL_TESTS.keys()


def test_no_file_names_a_path_of_a_developer_machine() -> None:
    local_path = re.compile(r"/(?:work|root|home)/\w")
    assert violations(lambda path: list(local_path.findall(source(path))), *PRODUCT, "tests") == {}


def test_registries_are_literal_dictionaries() -> None:
    values = {
        node.target.id: type(node.value)
        for path in python_files(*PRODUCT)
        for node in syntax_tree(path).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    assert {values.get(registry) for registry in REGISTRIES} == {ast.Dict}


def test_only_the_sender_calls_the_web_api() -> None:
    """`Sender.call_at_once` records what every failure says about the app."""
    methods = {
        name for name in dir(AsyncWebClient) if iscoroutinefunction(getattr(AsyncWebClient, name))
    }
    assert {"views_push", "api_call", "files_upload_v2"} <= methods
    callers = {
        relative_name(path)
        for path in python_files(*PRODUCT)
        if "bot/sandbox/" not in relative_name(path)  # it answers calls
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.Attribute) and node.attr in methods
    }
    assert callers == {"bot/slack/client/api_methods.py"}
    users = {
        relative_name(path) for path in python_files(*PRODUCT) if "API_METHODS[" in source(path)
    }
    assert users == {"bot/slack/client/sender.py"}


def test_each_migration_has_a_number_of_its_own() -> None:
    names = [path.name for path in (ROOT / "storage/migrations/versions").glob("[0-9]*.py")]
    numbers = sorted(int(name.partition("_")[0]) for name in names)
    assert numbers == list(range(3, 3 + len(numbers))), "give the newer migration the next number"
