"""The documentation matches the product: commands, settings, formats, subcommands and links."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import __version__
from bot.exports.formats import FORMATS
from bot.exports.formats.format import Column, Format, WrittenFiles
from bot.exports.label_record import LabelRecord
from bot.imports import detection
from bot.imports.item_reader import read_items
from bot.imports.mapping import PARTS, ColumnMapping
from bot.imports.readers import READERS
from bot.imports.row import InvalidRow
from bot.imports.shapes import SHAPES
from bot.kinds import KINDS
from bot.kinds.comparison import ComparisonSettings
from bot.kinds.rating import RatingSettings
from bot.services.answers.skip import SKIP_LABELS
from bot.settings import Settings
from bot.slack.app_manifest import COMMAND, SCOPES
from bot.slack.client.rate_limiter import CHANNEL_LIMITS, METHOD_LIMITS
from handlers import registry as registry_module
from storage.tables import Role
from tests.cli.command_tree import leaf_commands, options_of, parse_command_line
from tests.exports.folders import write_table
from tests.handlers.test_registry import all_rendered
from tests.pages import (
    DOCS,
    PAGES,
    README,
    ROOT,
    code_blocks,
    code_spans,
    table_rows,
    tokens_of,
    without_backticks,
)
from tests.slack.conftest import objects_in

SHELLS = ("sh", "bash", "shell", "console")
SHELL_OPERATORS = {"|", ">", ">>", "<", "&", "&&", ";"}
SHELL_VARIABLE = re.compile(r"[A-Z_]+=.*")
REPOSITORY_PATH = re.compile(r"(?:bot|handlers|storage|tests|docs)/[\w./]*")

VALID_ROW = {"id": "1", "prompt": "Why?", "response_a": "Yes.", "response_b": "No."}
JSON_TYPES = {
    "text": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "messages": list,
    "scores": dict,
}


def _code_lines(page: Path) -> Iterator[str]:
    """Yield what a reader might type: lines of shell blocks, and inline code."""
    for block in code_blocks(page, *SHELLS):
        for line in block.replace("\\\n", " ").splitlines():
            yield line.removeprefix("$ ").strip()
    yield from code_spans(page)


def _command_words(line: str) -> list[str]:
    """Return the words of the first command of a shell line, without variables before it."""
    words: list[str] = []
    for word in shlex.split(line, comments=True):
        if word in SHELL_OPERATORS:
            break
        if words or not SHELL_VARIABLE.fullmatch(word):
            words.append(word)
    return words


def _documented_commands(page: Path, program: str) -> list[str]:
    """Return the line of every documented command of a program."""
    return [
        line
        for line in dict.fromkeys(_code_lines(page))
        if re.match(rf"([A-Z_]+=\S* )*(\S*/)?{program}( |$)", line)
    ]


def _problem_of(line: str) -> str | None:
    """Return why Typer does not accept a command line, or None."""
    _, *words = _command_words(line)
    for word in words:
        if "/" not in word and not word.startswith("-"):
            Path(word).touch()  # Typer checks that input files exist
    try:
        parse_command_line(words)
    except Exception as error:  # noqa: BLE001 - Typer keeps its errors private, too
        return f"{line}: {error}"
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_line_is_valid(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    problems = [_problem_of(line) for line in _documented_commands(page, "labelbot")]
    assert [problem for problem in problems if problem] == []


def test_pages_have_command_lines() -> None:
    """Otherwise the test above checks nothing."""
    assert sum(len(_documented_commands(page, "labelbot")) for page in PAGES) > 100


def test_command_table_lists_every_command_and_marks_json() -> None:
    documented = {
        without_backticks(row[0]): row[1] == "`{}`" for row in table_rows(README, "## Commands")
    }
    assert documented == {
        name: "--json" in options_of(leaf) for name, leaf in leaf_commands().items()
    }


def _default_of(name: str) -> str:
    field = Settings.model_fields[name]
    if field.is_required():
        return "required"
    return f"`{field.default}`" if field.default not in (None, ()) else "none"


def test_settings_table_lists_every_setting_and_its_default() -> None:
    documented = {without_backticks(row[0]): row[1] for row in table_rows(README, "## Settings")}
    fields = Settings.model_fields.items()
    assert documented == {str(field.validation_alias): _default_of(name) for name, field in fields}


def test_every_option_of_campaign_create_is_documented() -> None:
    documented = {
        without_backticks(row[0])
        for row in table_rows(DOCS / "coordinators.md", "## Create a campaign")
    }
    assert documented == options_of(leaf_commands()["labelbot campaign create"]) - {"--json"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_setting_of_a_kind_is_documented(kind: str) -> None:
    page = (DOCS / "coordinators.md").read_text(encoding="utf-8")
    section = page.split("\n### Settings of the kinds\n", 1)[1].split("\n### ", 1)[0]
    assert all(f"`{name}`" in section for name in KINDS[kind].settings.model_fields)


def test_every_subcommand_is_documented() -> None:
    pages = (DOCS / "experts.md", DOCS / "coordinators.md")
    spans = [span.split()[:2] for page in pages for span in code_spans(page)]
    documented = {words[1] for words in spans if words[0] == COMMAND and words[1:]}
    assert documented == set(registry_module.SUBCOMMANDS)


def test_every_coordinator_subcommand_has_a_button_and_a_command() -> None:
    text = (DOCS / "coordinators.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| \*(.+)\* \| `(labelbot [\w ]+)` \|$", text, re.MULTILINE)
    names, buttons, commands = map(set, zip(*rows, strict=True))
    restricted = {name for name, entry in registry_module.SUBCOMMANDS.items() if entry.role}
    assert names == restricted | {"status"}
    assert buttons <= {str(value.get("text")) for value in objects_in(all_rendered())}
    assert commands <= set(leaf_commands())


def test_permissions_table_matches_required_roles() -> None:
    rows = table_rows(DOCS / "operating.md", "## Permissions")
    documented = [set(re.findall(r"`(\w+)`", row[1])) for row in rows]
    roles = (None, Role.SENIOR, Role.COORDINATOR)
    subcommands = registry_module.SUBCOMMANDS.items()
    assert documented == [
        *({name for name, entry in subcommands if entry.role == role} for role in roles),
        set(),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_documented(kind: str) -> None:
    assert kind in code_spans(DOCS / "coordinators.md")


OWN_FORMATS = {name: one for name, one in FORMATS.items() if not one.target}
TARGET_FORMATS = {name: one for name, one in FORMATS.items() if one.target}
"""Formats for other trainers and tools, which have a page of their own."""


def test_every_format_is_documented() -> None:
    rows = table_rows(DOCS / "exporting.md", "## What is exported")
    assert [without_backticks(row[0]) for row in rows] == list(OWN_FORMATS)
    rows = table_rows(TARGET_PAGE, "## All formats")
    assert [without_backticks(row[0]) for row in rows] == list(TARGET_FORMATS)
    for name, _kinds, files, _loaders in rows:
        export_format = FORMATS[without_backticks(name)]
        names = [file.name for file in export_format.files]
        described = WrittenFiles({"train": {name: name for name in names}}, export_format.columns)
        names += export_format.documents(described)
        assert re.findall(r"`([^`]+)`", files) == names


TARGET_PAGE = DOCS / "export-formats.md"


def _columns_of_its_own(export_format: Format) -> list[Column]:
    """Return the columns of a format for a target that ours do not have."""
    ours = [column for one in OWN_FORMATS.values() for column in one.columns]
    written = export_format.files[0].columns or [column.name for column in export_format.columns]
    return [
        column
        for column in export_format.columns
        if column not in ours and (column.name in written or not export_format.join_rows)
    ]


def _format_section(name: str) -> tuple[Path, list[Column]]:
    """Return the page that describes a format, and the columns that it lists."""
    export_format = FORMATS[name]
    if export_format.target:
        return TARGET_PAGE, _columns_of_its_own(export_format)
    return DOCS / "exporting.md", list(export_format.columns)


@pytest.mark.parametrize("name", FORMATS)
def test_format_columns_are_documented_in_order(name: str) -> None:
    page, columns = _format_section(name)
    documented = [without_backticks(row[0]) for row in table_rows(page, f"### {name}")]
    assert documented == [column.name for column in columns]


def _example_row(page: Path, name: str) -> dict[str, object]:
    text = page.read_text(encoding="utf-8").split(f"\n### {name}\n", 1)[1]
    row = json.loads(text.split("```json\n", 1)[1].split("```", 1)[0])
    assert isinstance(row, dict)
    return row


@pytest.mark.parametrize("name", OWN_FORMATS)
def test_example_row_has_exactly_the_columns_of_its_format(name: str) -> None:
    row = _example_row(DOCS / "exporting.md", name)
    columns: tuple[Column, ...] = FORMATS[name].columns
    assert list(row) == [column.name for column in columns]
    for column in columns:
        assert type(row[column.name]) is JSON_TYPES.get(column.type, list), column.name


JSON_TYPES_OF_FILES = ("json", "jsonl")

JSON_EXAMPLES = [
    name for name, one in TARGET_FORMATS.items() if one.files[0].type in JSON_TYPES_OF_FILES
]


@pytest.mark.parametrize("name", JSON_EXAMPLES)
def test_example_row_is_what_a_format_for_a_target_makes_of_the_example_of_a_kind(
    name: str, tmp_path: Path
) -> None:
    export_format = FORMATS[name]
    labels = [
        LabelRecord(
            kind.example.label,
            f"{kind.name}-1",
            "spring",
            kind.name,
            "expert-7",
            datetime(2026, 3, 1, tzinfo=UTC),
            1,
            1,
            {},
        )
        for kind in KINDS.values()
    ]
    result = write_table(export_format, labels, tmp_path)
    text = (result.directory / export_format.files[0].name).read_text(encoding="utf-8")
    row = _example_row(TARGET_PAGE, name)
    is_array = export_format.files[0].type == "json"
    made = json.loads(text) if is_array else [json.loads(line) for line in text.splitlines()]
    assert row in [{key: one[key] for key in row if key in one} for one in made]
    names = {column.name for column in _columns_of_its_own(export_format)}
    assert names - {export_format.flattened} <= row.keys()


def test_every_import_file_type_and_part_is_documented() -> None:
    spans = set(code_spans(DOCS / "importing.md"))
    assert spans >= set(READERS)
    assert spans >= set(SHAPES)
    assert spans >= set(PARTS)


@pytest.mark.parametrize(
    "part", ["PROMPT", "TEXT", "CANDIDATE_LIST", "DRAFT", "ALT", "ID", "SYSTEM", "HISTORY"]
)
def test_every_detected_column_name_is_documented(part: str) -> None:
    spans = set(code_spans(DOCS / "importing.md"))
    groups: tuple[tuple[str, ...], ...] = getattr(detection, f"{part}_NAMES")
    assert spans >= {name for group in groups for name in group}


@pytest.mark.parametrize("row", table_rows(DOCS / "importing.md", "### Invalid rows"), ids=str)
def test_invalid_row_is_rejected_with_the_documented_reason(row: list[str], tmp_path: Path) -> None:
    content, reason = row
    path = tmp_path / "pairs.jsonl"
    first = VALID_ROW | {"model_a": "heron-7b", "model_b": "wren-mini"}
    path.write_text(f"{json.dumps(first)}\n{without_backticks(content)}\n", encoding="utf-8")
    _item, invalid = read_items(path, ColumnMapping(), KINDS["comparison"], ComparisonSettings())
    assert isinstance(invalid, InvalidRow)
    assert invalid.reason == reason


def test_criteria_example_is_valid() -> None:
    (settings,) = code_blocks(DOCS / "coordinators.md", "json")
    assert RatingSettings.model_validate_json(settings).noun == "summary"


@pytest.mark.parametrize("words", SKIP_LABELS.values())
def test_every_skip_reason_is_documented(words: str) -> None:
    assert words.lower() in (DOCS / "experts.md").read_text(encoding="utf-8")


def test_every_scope_is_documented() -> None:
    rows = table_rows(DOCS / "operating.md", "### What the app may do in Slack")
    assert sorted(without_backticks(row[0]) for row in rows) == sorted(SCOPES)


@pytest.mark.parametrize(
    "row", table_rows(DOCS / "operating.md", "## Slack's rate limits"), ids=str
)
def test_documented_rate_limit_matches_the_code(row: list[str]) -> None:
    limits = CHANNEL_LIMITS if "per channel" in row[1] else METHOD_LIMITS
    calls, window = limits[without_backticks(row[0])]
    seconds = round(window.total_seconds())
    period = "a minute" if seconds == 60 else f"in {seconds} second"
    assert row[1].startswith(f"{calls} {period}")


def _anchors(page: Path) -> set[str]:
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _internal_links(page: Path) -> Iterator[str]:
    """Yield each link and image of a page that stays within the project."""
    for token in tokens_of(page):
        html = token.content if token.type.startswith("html_") else ""
        attributes = (token.attrs.get("href"), token.attrs.get("src"))
        for link in (*attributes, *re.findall(r'(?:href|src)="([^"]*)"', html)):
            if link and not str(link).startswith("https://"):
                yield str(link)


def _has_target(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return target.is_file() and (not anchor or anchor in _anchors(target))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_has_a_target(page: Path) -> None:
    assert [link for link in _internal_links(page) if not _has_target(page, link)] == []


def test_pages_have_internal_links() -> None:
    """Otherwise the test above checks nothing."""
    assert sum(len(list(_internal_links(page))) for page in PAGES) > 50


def _make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):(?!=)", makefile, re.MULTILINE))


def test_every_make_target_exists() -> None:
    lines = [line for page in PAGES for line in _documented_commands(page, "make")]
    assert lines
    assert {word for line in lines for word in _command_words(line)[1:]} <= _make_targets()


def test_every_file_and_test_in_the_architecture_exists() -> None:
    spans = code_spans(DOCS / "architecture.md")
    paths = [span for span in spans if REPOSITORY_PATH.fullmatch(span)]
    test_code = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert [path for path in paths if not (ROOT / path).exists()] == []
    tests = [span for span in spans if span.startswith("test_")]
    assert [test for test in tests if f"def {test}(" not in test_code] == []


def test_changelog_has_this_version() -> None:
    assert f"\n## {__version__} - " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
