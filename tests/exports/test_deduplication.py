"""Deduplication: each content is trained once, the first row stays, and everything is counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from bot.exports.deduplication import DUPLICATE, UNTRAINED_COLUMNS, Deduplication
from bot.exports.formats import FORMATS
from bot.exports.formats.format import ExportRow, Format, LeftOutLabel
from bot.exports.label_record import LabelRecord
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.content import Candidate, ConversationTurn
from bot.kinds.label import Preference

ExampleOf = Callable[[Kind[Any]], LabelRecord]

TEXTS = st.sampled_from(["", "a", "A", "é", "e\u0301", "a ", "1"])

PAIRS = st.lists(st.tuples(TEXTS, TEXTS, TEXTS, st.sampled_from(["left", "right"])), max_size=12)

FORMAT_NAMES = st.sampled_from(["preference", "reward", "kto", "openai-dpo", "ultrafeedback"])


def _records(example: LabelRecord, pairs: list[tuple[str, str, str, Any]]) -> list[LabelRecord]:
    """Return a label for each prompt, two responses and winner, each of another item and expert."""
    return [
        replace(
            example,
            label=Preference(
                (ConversationTurn("user", prompt),), Candidate(left), Candidate(right), winner, None
            ),
            item_key=f"item-{number}",
            expert=f"expert-{number}",
        )
        for number, (prompt, left, right, winner) in enumerate(pairs)
    ]


def _rows(export_format: Format, records: list[LabelRecord]) -> list[ExportRow]:
    rows = (export_format.rows_of(record) for record in records)
    return [row for found in rows if not isinstance(found, LeftOutLabel) for row in found]


def _trained(row: ExportRow) -> bytes:
    cells = {name: cell for name, cell in row.items() if name not in UNTRAINED_COLUMNS}
    return orjson.dumps(cells, option=orjson.OPT_SORT_KEYS)


@given(pairs=PAIRS, name=FORMAT_NAMES)
def test_first_row_of_each_content_stays(
    example_of: ExampleOf, pairs: list[tuple[str, str, str, Any]], name: str
) -> None:
    records = _records(example_of(COMPARISON), pairs)
    everything = _rows(FORMATS[name], records)
    first_rows = {_trained(row): row for row in reversed(everything)}
    counts: dict[str, int] = {}
    kept = _rows(Deduplication(FORMATS[name], counts).distinct_format(), records)
    assert kept == [row for row in everything if first_rows[_trained(row)] is row]
    assert counts == {name: len(everything) - len(kept)}


@given(pairs=PAIRS, later=PAIRS, name=FORMAT_NAMES)
def test_rows_stay_whatever_is_added(
    example_of: ExampleOf,
    pairs: list[tuple[str, str, str, Any]],
    later: list[tuple[str, str, str, Any]],
    name: str,
) -> None:
    records = _records(example_of(COMPARISON), [*pairs, *later])
    before = _rows(Deduplication(FORMATS[name], {}).distinct_format(), records[: len(pairs)])
    after = _rows(Deduplication(FORMATS[name], {}).distinct_format(), records)
    assert after[: len(before)] == before


@given(pairs=PAIRS)
def test_label_whose_rows_are_all_duplicates_is_left_out(
    example_of: ExampleOf, pairs: list[tuple[str, str, str, Any]]
) -> None:
    records = _records(example_of(COMPARISON), pairs)
    distinct = Deduplication(FORMATS["preference"], {}).distinct_format()
    for record in records:
        distinct.rows_of(record)
    again = [distinct.rows_of(replace(record, answers=3)) for record in records]
    assert again == [LeftOutLabel(DUPLICATE, 3)] * len(records)
