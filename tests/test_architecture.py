"""The house: which room knows which, how long a file may be, and what is never done in one."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from statistics import median

import grimp
import pytest

from bot.exports.files import WRITERS, writer_of
from bot.exports.formats import FORMATS
from bot.imports import IMPORTERS
from bot.kinds import KINDS
from bot.schedule import JOBS
from handlers.registry import ACTIONS, EVENTS, SUBCOMMANDS, SUBMISSIONS

ROOT = Path(__file__).parents[1]
PRODUCT = ("bot", "handlers", "storage")

LONGEST = 300

LONG = {
    "handlers/registry.py": "every trigger and its function on one page, as a table of contents",
    "storage/tables.py": "every table on one page, so that the schema can be read from end to end",
}
"""Files that may be longer than 300 lines, and why."""

PATCHED = {
    "tests/cli/conftest.py": "the words of a command are in `sys.argv`, which is one for a process",
    "tests/cli/test_cli.py": "a bug in a command, which no input brings about",
    "tests/exports/conftest.py": "the library is told to stay offline, by its own switch",
}
"""Tests that replace something for a moment, and why nothing else would do."""

REGISTRIES = (
    *("KINDS", "FORMATS", "IMPORTERS", "WRITERS", "JOBS", "WORDS"),
    *("PRESSES", "SUBMISSIONS", "COMMANDS", "EVENTS"),
)

ACROSS_THE_HOUSE = ("journeys", "benchmarks")
"""Folders of tests that go through all rooms. (Those of the sandbox are named after deeds.)"""

ABOUT_THE_WHOLE = {
    "tests/services/test_concurrent_actions.py": "what two people do in the same moment, whatever it is",
    "tests/services/test_random_histories.py": "what holds whatever many services do, in any order",
    "tests/test_benchmarks.py": "that the benchmarks still run",
    "tests/test_docs.py": "that the documents say what is so",
    "tests/test_architecture.py": "this file",
}
"""Tests that stand beside nothing, and what they are about."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files(*folders: str) -> list[Path]:
    """Return every Python file of ours in these folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def source(path: Path) -> str:
    """Return what is in a file."""
    return path.read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(source(path))


def name(path: Path) -> str:
    """Return a path as people write it."""
    return path.relative_to(ROOT).as_posix()


def offenders(rule: Callable[[Path], list[object]], *folders: str) -> dict[str, list[object]]:
    """Return what in each file of these folders a rule finds wrong."""
    found = {name(path): rule(path) for path in files(*folders)}
    return {path: wrong for path, wrong in found.items() if wrong}


def functions(tree: ast.AST) -> Iterator[Function]:
    """Yield every function, methods and those inside others too."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def test_no_module_leads_back_to_itself() -> None:
    graph = grimp.build_graph(*PRODUCT, cache_dir=None)
    above = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    while leaves := {module for module, below in above.items() if not below & above.keys()}:
        above = {module: below for module, below in above.items() if module not in leaves}
    assert above == {}


def test_a_file_can_be_read_in_one_go() -> None:
    lengths = {name(path): len(source(path).splitlines()) for path in files(*PRODUCT)}
    assert {path for path, length in lengths.items() if length > LONGEST} == set(LONG)


def test_functions_are_short() -> None:
    lengths = [
        (node.end_lineno or 0) - node.body[0].lineno + (0 if ast.get_docstring(node) else 1)
        for path in files(*PRODUCT)
        for node in functions(parsed(path))
    ]
    assert median(lengths) < 10


def test_annotations_are_never_evaluated_by_accident() -> None:
    def evaluated(path: Path) -> list[object]:
        body = [node for node in parsed(path).body if not isinstance(node, ast.Expr | ast.Assign)]
        first = body[:1]
        says = [
            one for one in first if isinstance(one, ast.ImportFrom) and one.module == "__future__"
        ]
        return [] if says == first else [first[0].lineno]

    assert offenders(evaluated, *PRODUCT, "tests") == {}


def test_everything_public_says_what_it_is_for() -> None:
    def silent(path: Path) -> list[object]:
        tree = parsed(path)
        found = [
            node.name
            for scope in ast.walk(tree)
            if isinstance(scope, ast.Module | ast.ClassDef)
            and not getattr(scope, "name", "").startswith("_")
            for node in scope.body
            if isinstance(node, Function | ast.ClassDef)
            and not node.name.startswith("_")
            and ast.get_docstring(node) is None
        ]
        return [*([] if ast.get_docstring(tree) else ["the file"]), *found]

    by_alembic = "storage/migrations/versions/"
    assert all(path.startswith(by_alembic) for path in offenders(silent, *PRODUCT))


def test_no_file_is_called_after_nothing() -> None:
    nothing = {"utils", "util", "helpers", "helper", "manager", "service", "common", "misc"}
    assert {path.stem for path in files(*PRODUCT, "tests")} & nothing == set()


def test_nothing_is_mocked() -> None:
    def mocked(path: Path) -> list[object]:
        return [
            node.lineno
            for node in ast.walk(parsed(path))
            if (isinstance(node, ast.ImportFrom) and "mock" in (node.module or ""))
            or (isinstance(node, ast.Import) and "mock" in str([one.name for one in node.names]))
            or (isinstance(node, ast.Attribute) and node.attr == "setattr")
        ]

    assert offenders(mocked, *PRODUCT, "tests").keys() == PATCHED.keys()


def test_every_exception_from_a_rule_gives_its_reason() -> None:
    exception = re.compile(r"#\s*(?:noqa|type: ignore)\b")
    reasoned = re.compile(
        r"#\s*noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*(?: - |  )\S"
        r"|#\s*type: ignore\[[\w\-, ]+\]\s+# \S"
    )

    def bare(path: Path) -> list[object]:
        lines = enumerate(source(path).splitlines(), start=1)
        return [n for n, line in lines if exception.search(line) and not reasoned.search(line)]

    assert offenders(bare, *PRODUCT, "tests").keys() <= {name(Path(__file__))}


def test_every_test_stands_beside_what_it_tests() -> None:
    def astray(path: Path) -> list[object]:
        place = path.relative_to(ROOT / "tests")
        if place.parts[0] in ACROSS_THE_HOUSE or not path.stem.startswith("test_"):
            return []
        rooms = [
            top / place.parent for top in (ROOT, ROOT / "bot") if (top / place.parent).is_dir()
        ]
        tested = path.stem.removeprefix("test_")
        beside = [room / f"{tested}.py" for room in rooms] + [room / tested for room in rooms]
        is_of_the_room = tested == place.parent.name or (rooms and place.parts[0] == "sandbox")
        return [] if is_of_the_room or any(one.exists() for one in beside) else ["nothing there"]

    assert offenders(astray, "tests").keys() <= ABOUT_THE_WHOLE.keys()


def test_nothing_of_the_machine_it_was_written_on_is_left() -> None:
    strange = re.compile(r"/(?:work|root|home)/\w")
    assert offenders(lambda path: list(strange.findall(source(path))), *PRODUCT, "tests") == {}


def test_registries_hold_everything_under_its_own_name() -> None:
    assert all(key == kind.name for key, kind in KINDS.items())
    assert all(key == one.name for key, one in FORMATS.items())
    assert all(key == job.__name__ for key, job in JOBS.items())
    assert all(key.startswith(".") and key == key.lower() for key in IMPORTERS)
    assert all(key in dotted and callable(writer_of(key)) for key, dotted in WRITERS.items())


def test_registries_are_written_out() -> None:
    found = {
        node.target.id: type(node.value)
        for path in files(*PRODUCT)
        for node in parsed(path).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    assert {found.get(registry) for registry in REGISTRIES} == {ast.Dict}


COMMANDED = {word: one.handler for word, one in SUBCOMMANDS.items()}


@pytest.mark.parametrize("table", [ACTIONS, SUBMISSIONS, COMMANDED, EVENTS])
def test_no_function_serves_two_triggers(table: dict[str, object]) -> None:
    assert len(set(map(id, table.values()))) == len(table)
