"""Spreadsheets: what people read, and texts that do not fit into a cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.exports.formats.format import LeftOutLabel
from bot.exports.formats.spreadsheet import CELL_TOO_LONG, CSV, MAX_CELL_CHARACTERS, XLSX
from bot.exports.label_record import LabelRecord
from bot.kinds.base import Kind
from bot.kinds.content import ConversationTurn
from bot.kinds.demonstration import DEMONSTRATION
from bot.kinds.label import Demonstration

ExampleOf = Callable[[Kind[Any]], LabelRecord]


def with_response(example_of: ExampleOf, text: str) -> LabelRecord:
    """Return a demonstration with this response."""
    label = DEMONSTRATION.example.label
    assert isinstance(label, Demonstration)
    return replace(example_of(DEMONSTRATION), label=replace(label, response=text))


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("x" * MAX_CELL_CHARACTERS, True),
        ("x" * (MAX_CELL_CHARACTERS + 1), False),
        ("=" + "x" * (MAX_CELL_CHARACTERS - 1), False),
        ("🙂" * (MAX_CELL_CHARACTERS // 2), True),
        ("🙂" * (MAX_CELL_CHARACTERS // 2 + 1), False),
    ],
)
def test_text_longer_than_a_cell_is_counted_in_xlsx_and_kept_in_csv(
    example_of: ExampleOf, text: str, *, fits: bool
) -> None:
    record = with_response(example_of, text)
    rows = XLSX.rows_of(record)
    assert isinstance(rows, LeftOutLabel) is not fits
    assert fits or rows == LeftOutLabel(CELL_TOO_LONG)
    assert not isinstance(CSV.rows_of(record), LeftOutLabel)


def test_conversation_is_readable_and_exact(example_of: ExampleOf) -> None:
    record = example_of(DEMONSTRATION)
    prompt = (ConversationTurn("system", "Be brief."), ConversationTurn("user", "Hi"))
    rows = CSV.rows_of(replace(record, label=replace(record.label, prompt=prompt)))
    assert not isinstance(rows, LeftOutLabel)
    assert rows[0]["prompt"] == "[system]\nBe brief.\n\n[user]\nHi"
    assert rows[0]["prompt_messages"] == (
        '[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]'
    )
