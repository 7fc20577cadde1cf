"""The pages say what is: every command, setting, format, word and link in them is compared."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from inspect import signature
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot import __version__, kinds
from bot.cli import app
from bot.exports.formats import FORMATS
from bot.exports.formats.format import Column, SkippedLabel
from bot.exports.label_record import LabelRecord
from bot.imports import IMPORTERS, column_detection
from bot.imports.column_mapping import PARTS, ColumnMapping
from bot.imports.item_reader import read_items
from bot.imports.row import InvalidRow
from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.kinds.comparison import ComparisonSettings
from bot.kinds.rating import RatingSettings
from bot.quality.votes import votes_of
from bot.services.answers.skip import SKIP_LABELS
from bot.settings import Settings
from bot.slack.app_manifest import COMMAND, SCOPES
from bot.slack.client.rate_limiter import METHOD_LIMITS
from bot.slack.views.task_message import render_task
from handlers import registry as registry_module
from storage.tables import Role
from tests.handlers.test_registry import all_rendered
from tests.kinds import test_kinds, test_rationale
from tests.slack.conftest import message_problems, objects_in, task_of

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]

SHELLS = ("sh", "bash", "shell", "console")
OPERATORS = {"|", ">", ">>", "<", "&", "&&", ";"}
VARIABLE = re.compile(r"[A-Z_]+=.*")
SPOKEN_OF = re.compile(r"(?:bot|handlers|storage|tests|docs)/[\w./]*")

GOOD_ROW = {"id": "1", "prompt": "Why?", "response_a": "Yes.", "response_b": "No."}
TYPES = {"text": str, "integer": int, "number": float, "messages": list, "scores": dict}


@cache
def _tokens(page: Path) -> list[Token]:
    parser = MarkdownIt("commonmark").enable("table")
    parsed = parser.parse(page.read_text(encoding="utf-8"))
    return [one for token in parsed for one in (token, *(token.children or ()))]


def _spans(page: Path) -> list[str]:
    """Return what stands in backticks in a line."""
    return [token.content for token in _tokens(page) if token.type == "code_inline"]


def _fences(page: Path, *languages: str) -> list[str]:
    found = (token for token in _tokens(page) if token.type == "fence")
    return [token.content for token in found if token.info.strip() in languages]


def _rows(page: Path, heading: str) -> list[list[str]]:
    """Return the cells of the first table under a heading, its head left out."""
    text = page.read_text(encoding="utf-8").split(f"\n{heading}\n", 1)[1].split("\n#", 1)[0]
    rows = text[text.index("\n|") :].strip().split("\n\n", 1)[0].splitlines()
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows[2:]]


def _bare(cell: str) -> str:
    return cell.strip("`")


def _typed(page: Path) -> Iterator[str]:
    """Yield what the page would have one type: lines of shell, and commands in a sentence."""
    for fence in _fences(page, *SHELLS):
        for line in fence.replace("\\\n", " ").splitlines():
            yield line.removeprefix("$ ").strip()
    yield from _spans(page)


def _words(line: str) -> list[str]:
    """Return the words of a line of shell up to the end of its first command."""
    words: list[str] = []
    for word in shlex.split(line, comments=True):
        if word in OPERATORS:
            break
        if words or not VARIABLE.fullmatch(word):
            words.append(word)
    return words


def _said_of(program: str) -> list[tuple[str, str]]:
    """Return the page and the line of every command of a program in any page."""
    return [
        (page.name, line)
        for page in PAGES
        for line in dict.fromkeys(_typed(page))
        if re.match(rf"([A-Z_]+=\S* )*(\S*/)?{program}( |$)", line)
    ]


ROOT_COMMAND: Any = typer.main.get_command(app)


def _loaded(group: Any, name: str) -> Any:  # noqa: ANN401 - Typer keeps its types private
    context = group.make_context("labelbot", [], resilient_parsing=True)
    return group.resolve_command(context, [name])[1]


def _leaves(command: Any, called: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - likewise
    names = getattr(command, "commands", None)
    if names is None:
        yield called, command
        return
    for name in names:
        yield from _leaves(_loaded(command, name), f"{called} {name}")


LEAVES = dict(_leaves(ROOT_COMMAND, "labelbot"))


def _options(command: Any) -> set[str]:  # noqa: ANN401 - likewise
    return {name for one in command.params for name in one.opts if name.startswith("--")}


def _parse(words: list[str]) -> None:
    """Let Typer read a command line as it would, short of doing it."""
    command = ROOT_COMMAND
    while words and not words[0].startswith("-") and hasattr(command, "commands"):
        command, words = _loaded(command, words[0]), words[1:]
    left = [word for word in words if word not in ("--help", "--version")]
    if left:  # a bare name only speaks of the command
        command.make_context("labelbot", left)


@pytest.mark.parametrize(("page", "line"), _said_of("labelbot"))
def test_every_command_line_is_valid(
    page: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _, *words = _words(line)
    for word in words:
        if "/" not in word and not word.startswith("-"):
            Path(word).touch()  # files that are to be read must be there
    try:
        _parse(words)
    except Exception as error:  # noqa: BLE001 - Typer keeps its errors private, too
        pytest.fail(f"{page}: {line}: {error}")


def test_command_table_lists_every_command_and_marks_json() -> None:
    documented = {_bare(row[0]): row[1] == "`{}`" for row in _rows(README, "## Commands")}
    assert documented == {name: "--json" in _options(leaf) for name, leaf in LEAVES.items()}


def _default(name: str) -> str:
    field = Settings.model_fields[name]
    if field.is_required():
        return "required"
    return f"`{field.default}`" if field.default not in (None, ()) else "none"


def test_settings_table_lists_every_setting_and_its_default() -> None:
    documented = {_bare(row[0]): row[1] for row in _rows(README, "## Settings")}
    fields = Settings.model_fields.items()
    assert documented == {str(field.validation_alias): _default(name) for name, field in fields}


def test_every_option_of_campaign_create_is_documented() -> None:
    documented = {_bare(row[0]) for row in _rows(DOCS / "coordinators.md", "## Create a campaign")}
    assert documented == _options(LEAVES["labelbot campaign create"]) - {"--json"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_setting_of_a_kind_is_documented(kind: str) -> None:
    page = (DOCS / "coordinators.md").read_text(encoding="utf-8")
    told = page.split("\n### Settings of the kinds\n", 1)[1].split("\n### ", 1)[0]
    assert all(f"`{name}`" in told for name in KINDS[kind].settings.model_fields)


def test_every_subcommand_is_documented() -> None:
    pages = (DOCS / "experts.md", DOCS / "coordinators.md")
    spans = [span.split()[:2] for page in pages for span in _spans(page)]
    typed = {words[1] for words in spans if words[0] == COMMAND and words[1:]}
    assert typed == set(registry_module.SUBCOMMANDS)


def test_every_coordinator_subcommand_has_a_button_and_a_command() -> None:
    text = (DOCS / "coordinators.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| \*(.+)\* \| `(labelbot [\w ]+)` \|$", text, re.MULTILINE)
    words, buttons, commands = map(set, zip(*rows, strict=True))
    reserved = {name for name, word in registry_module.SUBCOMMANDS.items() if word.role}
    assert words == reserved | {"status"}
    assert buttons <= {str(one.get("text")) for one in objects_in(all_rendered())}
    assert commands <= set(LEAVES)


def test_permissions_table_matches_required_roles() -> None:
    rows = _rows(DOCS / "operating.md", "## Permissions")
    documented = [set(re.findall(r"`(\w+)`", row[1])) for row in rows]
    roles = (None, Role.SENIOR, Role.COORDINATOR)
    subcommands = registry_module.SUBCOMMANDS.items()
    assert documented == [
        *({name for name, entry in subcommands if entry.role == role} for role in roles),
        set(),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_documented(kind: str) -> None:
    assert kind in _spans(DOCS / "coordinators.md")


def test_every_format_is_documented() -> None:
    rows = _rows(DOCS / "exporting.md", "## What is exported")
    assert [_bare(row[0]) for row in rows] == list(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_format_columns_are_documented_in_order(name: str) -> None:
    documented = [_bare(row[0]) for row in _rows(DOCS / "exporting.md", f"### {name}")]
    assert documented == [column.name for column in FORMATS[name].columns]


def _example(name: str) -> dict[str, object]:
    text = (DOCS / "exporting.md").read_text(encoding="utf-8").split(f"\n### {name}\n", 1)[1]
    found = json.loads(text.split("```json\n", 1)[1].split("```", 1)[0])
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_example_row_has_exactly_the_columns_of_its_format(name: str) -> None:
    row = _example(name)
    columns: tuple[Column, ...] = FORMATS[name].columns
    assert list(row) == [column.name for column in columns]
    for column in columns:
        assert type(row[column.name]) is TYPES.get(column.type, list), column.name


def test_every_import_file_type_and_part_is_documented() -> None:
    spans = set(_spans(DOCS / "importing.md"))
    assert spans >= set(IMPORTERS)
    assert spans >= set(PARTS)


@pytest.mark.parametrize("part", ["PROMPT", "TEXT", "CANDIDATE_LIST", "DRAFT", "ALT", "ID"])
def test_every_detected_column_name_is_documented(part: str) -> None:
    spans = set(_spans(DOCS / "importing.md"))
    groups: tuple[tuple[str, ...], ...] = getattr(column_detection, f"{part}_NAMES")
    assert spans >= {name for group in groups for name in group}


@pytest.mark.parametrize("row", _rows(DOCS / "importing.md", "### Invalid rows"), ids=str)
def test_invalid_row_is_rejected_with_the_documented_reason(row: list[str], tmp_path: Path) -> None:
    given, told = row
    path = tmp_path / "pairs.jsonl"
    first = GOOD_ROW | {"model_a": "heron-7b", "model_b": "wren-mini"}
    path.write_text(f"{json.dumps(first)}\n{_bare(given)}\n", encoding="utf-8")
    _good, bad = read_items(path, ColumnMapping(), KINDS["comparison"], ComparisonSettings())
    assert isinstance(bad, InvalidRow)
    assert bad.reason == told


def test_criteria_example_is_valid() -> None:
    (settings,) = _fences(DOCS / "coordinators.md", "json")
    assert RatingSettings.model_validate_json(settings).noun == "summary"


@pytest.mark.parametrize("words", SKIP_LABELS.values())
def test_every_skip_reason_is_documented(words: str) -> None:
    assert words.lower() in (DOCS / "experts.md").read_text(encoding="utf-8")


def test_every_scope_is_documented() -> None:
    rows = _rows(DOCS / "operating.md", "### What the app may do in Slack")
    assert sorted(_bare(row[0]) for row in rows) == sorted(SCOPES)


@pytest.mark.parametrize("row", _rows(DOCS / "operating.md", "## Slack's rate limits"), ids=str)
def test_documented_rate_limit_matches_the_code(row: list[str]) -> None:
    calls, window = METHOD_LIMITS[_bare(row[0])]
    seconds = round(window.total_seconds())
    said = "a minute" if seconds == 60 else f"in {seconds} second"
    assert row[1].startswith(f"{calls} {said}")


def _slugs(page: Path) -> set[str]:
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _links() -> Iterator[tuple[Path, str]]:
    """Yield every link and image that does not lead out of the project."""
    for page in PAGES:
        for token in _tokens(page):
            written = token.content if token.type.startswith("html_") else ""
            given = (token.attrs.get("href"), token.attrs.get("src"))
            for link in (*given, *re.findall(r'(?:href|src)="([^"]*)"', written)):
                if link and not str(link).startswith("https://"):
                    yield page, str(link)


@pytest.mark.parametrize(
    ("page", "link"), list(_links()), ids=lambda one: getattr(one, "name", one)
)
def test_every_link_has_a_target(page: Path, link: str) -> None:
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    assert target.is_file()
    assert not anchor or anchor in _slugs(target)


def _targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):(?!=)", makefile, re.MULTILINE))


@pytest.mark.parametrize(("page", "line"), _said_of("make"))
def test_every_make_target_exists(page: str, line: str) -> None:
    assert set(_words(line)[1:]) <= _targets(), page


def test_every_file_and_test_in_the_architecture_exists() -> None:
    spans = _spans(DOCS / "architecture.md")
    paths = [span for span in spans if SPOKEN_OF.fullmatch(span)]
    written = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert [path for path in paths if not (ROOT / path).exists()] == []
    tests = [span for span in spans if span.startswith("test_")]
    assert [test for test in tests if f"def {test}(" not in written] == []


def test_changelog_has_this_version() -> None:
    assert f"\n## {__version__} - " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


ON_PAPER = DOCS / "adding-a-kind.md"

Contract = tuple[Callable[..., None], dict[str, object]]


def _with_lines(source: str, diff: str) -> str:
    """Return a source with the lines that a diff adds, each behind the line before it."""
    lines, before = source.splitlines(), ""
    for line in diff.splitlines():
        if line.startswith("+"):
            lines.insert(lines.index(before) + 1, line[1:])
        before = line[1:]
        assert before in lines
    return "\n".join(lines)


@pytest.fixture
def kind_on_paper(monkeypatch: pytest.MonkeyPatch) -> Kind[Any]:
    """Return the kind that the page adds, out of a copy of the registry with the page's diff."""
    (written,), (diff,) = _fences(ON_PAPER, "python"), _fences(ON_PAPER, "diff")
    module = ModuleType("bot.kinds.safety")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(written, str(ON_PAPER), "exec"), vars(module))  # noqa: S102 - the page is ours
    registry: dict[str, Any] = {"__name__": "registry"}
    changed = _with_lines(Path(kinds.__file__).read_text(encoding="utf-8"), diff)
    exec(compile(changed, str(ON_PAPER), "exec"), registry)  # noqa: S102 - the page is ours
    (name,) = registry["KINDS"].keys() - KINDS.keys()
    found: Kind[Any] = registry["KINDS"][name]
    assert found.name == name
    return found


def _contract(module: ModuleType) -> list[Contract]:
    """Return every test of a module that is given a kind, with all that it is given besides."""
    found: list[Contract] = []
    for test in vars(module).values():
        marks = [m.args for m in getattr(test, "pytestmark", ()) if m.name == "parametrize"]
        if any(names == "kind" for names, *_rest in marks):
            others = [[{names: v} for v in values] for names, values in marks if names != "kind"]
            found += [(test, {k: v for d in one for k, v in d.items()}) for one in product(*others)]
    return found


CONTRACT = [*_contract(test_kinds), *_contract(test_rationale)]


@pytest.mark.parametrize(("test", "given"), CONTRACT, ids=lambda one: getattr(one, "__name__", ""))
def test_documented_kind_passes_the_contract_tests(
    test: Callable[..., None], given: dict[str, object], kind_on_paper: Kind[Any]
) -> None:
    assert set(signature(test).parameters) == {"kind", *given}
    test(kind=kind_on_paper, **given)


def test_documented_kind_renders_and_exports(kind_on_paper: Kind[Any]) -> None:
    example = kind_on_paper.example
    message = render_task(
        task_of(kind_on_paper, example.content, example.settings, example.order), 1
    )
    assert message_problems(message) == []
    labelled = LabelRecord(
        example.label, "1", "c", "safety", "e", datetime.fromtimestamp(0, UTC), 1, 1, {}
    )
    rows = {name: shape.rows_of(labelled) for name, shape in FORMATS.items()}
    suits = [name for name, found in rows.items() if not isinstance(found, SkippedLabel)]
    assert suits == ["sft", "verdict", "annotations"]
    assert votes_of(example.label)
