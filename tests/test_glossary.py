"""Screens, help, errors and pages avoid the words that the glossary of docs/style.md replaces."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt

from bot.errors import BotError
from handlers.registry import REQUIRED_ROLES, SUBCOMMANDS
from tests.cli.command_tree import leaf_commands
from tests.pages import PAGES

ROOT = Path(__file__).parents[1]
STYLE = ROOT / "docs" / "style.md"

STANDARD_TERMS = re.compile(
    r"(?:time|rate[- ]limit|sliding|\d+[- ](?:second|minute|hour))[- ]windows?|window functions?"
    r"|worker pools?|connection pools?",
    re.IGNORECASE,
)
SNAPSHOT = re.compile(r"^  '''\n(.*?)\n  '''$", re.DOTALL | re.MULTILINE)
SERIALIZED_TEXT = re.compile(r"(?:'(?:text|alt_text)': |\btext=)(['\"])(.+)\1,$", re.MULTILINE)
"""A text in a snapshot of Python objects; other snapshots are YAML."""

SCREEN_KEYS = {"text", "alt_text", "title", "label", "hint", "placeholder", "accessibility_label"}
TEMPLATE_CODE = re.compile(r"\{[%{#].*?[%}#]\}|<[^>]*>", re.DOTALL)
PLACEHOLDER = re.compile(r"\{[\w.,!:]*\}")


def replaced_words() -> list[str]:
    """Return every phrase in the last column of the glossary."""
    table = STYLE.read_text(encoding="utf-8").split("## Glossary", 1)[1]
    rows = [line.strip("| \n").split("|") for line in table.splitlines() if line.startswith("| ")]
    cells = [row[2].strip() for row in rows[2:] if len(row) > 2]
    return [phrase.strip() for cell in cells for phrase in cell.split(",") if phrase.strip()]


REPLACED = re.compile(
    rf"(?<![\w`/-])(?:{'|'.join(map(re.escape, replaced_words()))})(?![\w`-])", re.IGNORECASE
)


def find_replaced_words(text: str) -> list[str]:
    """Return the replaced words in a text, each with some context."""
    plain = STANDARD_TERMS.sub("", text)
    return [
        " ".join(plain[max(0, match.start() - 30) : match.end() + 30].split())
        for match in REPLACED.finditer(plain)
    ]


def _prose_of(page: Path) -> str:
    """Return the text of a page without code."""
    parser = MarkdownIt("commonmark").enable("table")
    tokens = parser.parse(page.read_text(encoding="utf-8"))
    children = (child for token in tokens for child in token.children or ())
    return "\n".join(token.content for token in children if token.type == "text")


def _error_classes(base: type[BotError] = BotError) -> Iterator[type[BotError]]:
    for error in base.__subclasses__():
        yield error
        yield from _error_classes(error)


def _help_of(command: Any) -> str:  # noqa: ANN401 - Typer keeps its types private
    options = [getattr(parameter, "help", None) or "" for parameter in command.params]
    return "\n".join([command.help or "", *options])


def test_glossary_lists_replaced_words() -> None:
    assert {"deed", "whoever", "window", "hand out"} <= set(replaced_words())
    assert find_replaced_words("Whoever opens the window") == [
        "Whoever opens the window",
        "Whoever opens the window",
    ]
    assert find_replaced_words("a window function and a worker pool") == []


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page != STYLE], ids=lambda page: page.name
)
def test_page_uses_glossary_terms(page: Path) -> None:
    assert find_replaced_words(_prose_of(page)) == []


ROWS = ROOT / "tests" / "exports"
"""Its snapshots are rows of exports, not screens."""

SNAPSHOTS = sorted(path for path in (ROOT / "tests").rglob("*.ambr") if ROWS not in path.parents)


def _screen_texts(value: object, key: str = "") -> Iterator[str]:
    """Yield every text that people see in a rendered message or modal."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _screen_texts(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from _screen_texts(part, key)
    elif isinstance(value, str) and key in SCREEN_KEYS:
        yield value


@cache
def _snapshot_texts(path: Path) -> list[str]:
    content = path.read_text(encoding="utf-8")
    written = SNAPSHOT.findall(content)
    values = (yaml.load(dedent(one), yaml.CSafeLoader) for one in written)
    texts = [text for value in values for text in _screen_texts(value)]
    return [*texts, *(match[2] for match in SERIALIZED_TEXT.finditer(content))]


@pytest.mark.parametrize("path", SNAPSHOTS, ids=lambda path: path.stem)
def test_screens_use_glossary_terms(path: Path) -> None:
    texts = _snapshot_texts(path)
    assert texts
    assert [found for text in texts for found in find_replaced_words(text)] == []


def test_snapshots_hold_screen_texts() -> None:
    assert sum(len(_snapshot_texts(path)) for path in SNAPSHOTS) > 1_000


def test_errors_use_glossary_terms() -> None:
    messages = [inspect.cleandoc(error.__doc__ or "") for error in _error_classes()]
    assert len(messages) > 50
    texts = [PLACEHOLDER.sub("", message) for message in messages]
    assert [found for text in texts for found in find_replaced_words(text)] == []


def test_command_help_uses_glossary_terms() -> None:
    found = {name: find_replaced_words(_help_of(leaf)) for name, leaf in leaf_commands().items()}
    assert len(found) > 30
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_subcommand_help_uses_glossary_terms(name: str) -> None:
    subcommand = SUBCOMMANDS[name]
    texts = (subcommand.summary, subcommand.usage, subcommand.details, subcommand.activity)
    assert [found for text in texts for found in find_replaced_words(text)] == []


def test_role_requirements_use_glossary_terms() -> None:
    activities = [requirement.activity for requirement in REQUIRED_ROLES.values()]
    assert [found for text in activities for found in find_replaced_words(text)] == []


TEMPLATES = sorted((ROOT / "bot" / "sandbox" / "page" / "templates").glob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_sandbox_pages_use_glossary_terms(path: Path) -> None:
    assert find_replaced_words(TEMPLATE_CODE.sub(" ", path.read_text(encoding="utf-8"))) == []


SOURCES = sorted(
    path
    for folder in ("bot/cli", "bot/services", "handlers")
    for path in (ROOT / folder).rglob("*.py")
)


def _string_literals(source: str) -> list[str]:
    """Return the strings of a module without docstrings and the descriptions of constants."""
    nodes = list(ast.walk(ast.parse(source)))
    documentation = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documentation
    ]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_audit_actions_and_messages_use_glossary_terms(path: Path) -> None:
    texts = _string_literals(path.read_text(encoding="utf-8"))
    assert [found for text in texts for found in find_replaced_words(text)] == []


def test_string_literals_exclude_docstrings() -> None:
    source = '''"""Module."""\nNAME = "text"\n"""Constant."""\nprint(f"{NAME} part")'''
    assert _string_literals(source) == ["text", " part"]
