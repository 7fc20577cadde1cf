"""The kind that docs/adding-a-kind.md adds works as described there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from inspect import signature
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot import kinds
from bot.exports.formats import FORMATS
from bot.exports.formats.format import LeftOutLabel
from bot.exports.label_record import LabelRecord
from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.quality.votes import votes_of
from bot.slack.views.task_message import render_task
from tests.kinds import test_kinds, test_rationale
from tests.pages import DOCS, code_blocks
from tests.slack.conftest import message_problems, task_of

PAGE = DOCS / "adding-a-kind.md"

ContractTest = tuple[Callable[..., None], dict[str, object]]
"""A test of every kind, and its arguments besides the kind."""


def _apply_diff(source: str, diff: str) -> str:
    """Return a source with the lines that a diff adds, each after the line before it."""
    lines, previous = source.splitlines(), ""
    for line in diff.splitlines():
        if line.startswith("+"):
            lines.insert(lines.index(previous) + 1, line[1:])
        previous = line[1:]
        assert previous in lines
    return "\n".join(lines)


@pytest.fixture
def documented_kind(monkeypatch: pytest.MonkeyPatch) -> Kind[Any]:
    """Return the kind of the page, from the registry with the diff of the page applied."""
    (kind_code,), (diff,) = code_blocks(PAGE, "python"), code_blocks(PAGE, "diff")
    module = ModuleType("bot.kinds.safety")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(kind_code, str(PAGE), "exec"), vars(module))  # noqa: S102 - a page of this project
    registry: dict[str, Any] = {"__name__": "registry"}
    registry_code = _apply_diff(Path(kinds.__file__).read_text(encoding="utf-8"), diff)
    exec(compile(registry_code, str(PAGE), "exec"), registry)  # noqa: S102 - a page of this project
    (name,) = registry["KINDS"].keys() - KINDS.keys()
    kind: Kind[Any] = registry["KINDS"][name]
    assert kind.name == name
    return kind


def _contract_tests(module: ModuleType) -> list[ContractTest]:
    """Return every test of a module with a parameter `kind`, once for each set of arguments."""
    tests: list[ContractTest] = []
    for test in vars(module).values():
        marks = [m.args for m in getattr(test, "pytestmark", ()) if m.name == "parametrize"]
        if any(names == "kind" for names, *_rest in marks):
            others = [
                [{names: value} for value in values] for names, values in marks if names != "kind"
            ]
            tests += [
                (test, {name: value for choice in choices for name, value in choice.items()})
                for choices in product(*others)
            ]
    return tests


CONTRACT_TESTS = [*_contract_tests(test_kinds), *_contract_tests(test_rationale)]


@pytest.mark.parametrize(
    ("test", "arguments"), CONTRACT_TESTS, ids=lambda value: getattr(value, "__name__", "")
)
def test_documented_kind_passes_the_contract_tests(
    test: Callable[..., None], arguments: dict[str, object], documented_kind: Kind[Any]
) -> None:
    assert set(signature(test).parameters) == {"kind", *arguments}
    test(kind=documented_kind, **arguments)


def test_documented_kind_renders_and_exports(documented_kind: Kind[Any]) -> None:
    example = documented_kind.example
    message = render_task(
        task_of(documented_kind, example.content, example.settings, example.order), 1
    )
    assert message_problems(message) == []
    record = LabelRecord(
        example.label, "1", "c", "safety", "e", datetime.fromtimestamp(0, UTC), 1, 1, {}
    )
    results = {name: export_format.rows_of(record) for name, export_format in FORMATS.items()}
    formats = [
        name
        for name, rows in results.items()
        if not FORMATS[name].target and not isinstance(rows, LeftOutLabel)
    ]
    assert formats == ["sft", "verdict", "kto", "prompt-only", "annotations"]
    assert votes_of(example.label)
