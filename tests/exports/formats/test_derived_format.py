"""Formats for other trainers and tools: their rows, and that each target's conditions hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.exports.formats import FORMATS
from bot.exports.formats.format import Column, ExportRow, LeftOutLabel
from bot.exports.formats.messages import HAS_REASONING, SEVERAL_MESSAGES
from bot.exports.label_record import LabelRecord
from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.content import Candidate, ConversationTurn
from bot.kinds.label import Preference, Ranking
from bot.kinds.ranking import RANKING

ExampleOf = Callable[[Kind[Any]], LabelRecord]

TARGETS = {name: one for name, one in FORMATS.items() if one.target}
PAIRS = [name for name in TARGETS if name.endswith(("preference", "dpo"))] + ["ultrafeedback"]


@pytest.mark.parametrize("name", TARGETS)
def test_rows_of_the_examples_of_all_kinds(
    name: str, example_of: ExampleOf, snapshot: SnapshotAssertion
) -> None:
    rows = {kind: TARGETS[name].rows_of(example_of(KINDS[kind])) for kind in KINDS}
    assert {
        kind: found.reason if isinstance(found, LeftOutLabel) else list(found)
        for kind, found in rows.items()
    } == snapshot


def pair_of(example_of: ExampleOf, *turns: ConversationTurn) -> LabelRecord:
    """Return a judged pair whose better response has these turns before its text."""
    label = COMPARISON.example.label
    assert isinstance(label, Preference)
    return replace(example_of(COMPARISON), label=replace(label, right=Candidate("R", turns=turns)))


@pytest.mark.parametrize("name", PAIRS)
def test_response_of_several_messages_is_left_out(name: str, example_of: ExampleOf) -> None:
    record = pair_of(example_of, ConversationTurn("user", "Sure?"))
    assert FORMATS[name].rows_of(record) == LeftOutLabel(SEVERAL_MESSAGES)


@pytest.mark.parametrize("name", TARGETS)
def test_tool_calls_are_kept_or_counted(name: str, example_of: ExampleOf) -> None:
    calls = [{"function": {"name": "find", "arguments": '{"q": "x"}'}}]
    prompt = (
        ConversationTurn("user", "Find x."),
        ConversationTurn("assistant", "", {"tool_calls": calls}),
        ConversationTurn("tool", "found"),
    )
    for kind in KINDS.values():
        record = example_of(kind)
        rows = TARGETS[name].rows_of(replace(record, label=replace(record.label, prompt=prompt)))
        if isinstance(rows, LeftOutLabel):
            assert rows.reason
        else:
            assert "find" in str(rows), name


def test_ranking_is_left_out_as_a_whole_if_one_pair_cannot_be_expressed(
    example_of: ExampleOf,
) -> None:
    record, label = example_of(RANKING), RANKING.example.label
    assert isinstance(label, Ranking)
    assert isinstance(FORMATS["axolotl-dpo"].rows_of(record), list)
    first, *others = label.candidates
    candidates = (replace(first, extra={"reasoning": "Hm."}), *others)
    record = replace(record, label=replace(label, candidates=candidates))
    assert FORMATS["axolotl-dpo"].rows_of(record) == LeftOutLabel(HAS_REASONING)


@pytest.mark.parametrize("name", TARGETS)
def test_columns_have_the_order_of_the_cells(name: str, example_of: ExampleOf) -> None:
    columns: tuple[Column, ...] = TARGETS[name].columns
    names = [column.name for column in columns]
    assert len(set(names)) == len(names)
    for kind in KINDS.values():
        rows = TARGETS[name].rows_of(example_of(kind))
        for row in () if isinstance(rows, LeftOutLabel) else cast("list[ExportRow]", rows):
            assert list(row) == names


@pytest.mark.parametrize("name", TARGETS)
def test_selected_columns_exist_and_json_is_never_parquet(name: str) -> None:
    export_format = TARGETS[name]
    types = {column.name: column.type for column in export_format.columns}
    for file in export_format.files:
        assert set(file.columns) <= types.keys()
        if file.type == "parquet":
            assert "json" not in types.values()
