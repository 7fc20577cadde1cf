"""Ties and pairs with two bad responses: left out or kept, as the format and the options say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.exports.formats import FORMATS
from bot.exports.formats.format import LeftOutLabel
from bot.exports.label_record import LabelRecord
from bot.exports.row_options import parse_row_options
from bot.exports.undecided import apply_undecided
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.demonstration import DEMONSTRATION
from bot.kinds.label import Preference, Winner

ExampleOf = Callable[[Kind[Any]], LabelRecord]


def _rows(record: LabelRecord, name: str, **options: str) -> list[dict[str, object]] | str:
    """Return the rows of a label, or the reason why it has none."""
    rows: list[dict[str, object]] = []
    for label in apply_undecided([record], FORMATS[name], parse_row_options(options)):
        if isinstance(label, LeftOutLabel):
            return label.reason
        converted = FORMATS[name].to_rows(label)
        assert not isinstance(converted, LeftOutLabel)
        rows.extend(dict(row) for row in converted)
    return rows


def _undecided(example_of: ExampleOf, winner: Winner) -> LabelRecord:
    label = example_of(COMPARISON).label
    assert isinstance(label, Preference)
    label = replace(label, winner=winner, strength=None, better_response=None)
    return replace(example_of(COMPARISON), label=label)


@pytest.mark.parametrize(
    ("name", "winner", "options", "expected"),
    [
        ("preference", "tie", {}, "tie"),
        ("reward", "both_bad", {}, "both responses are bad"),
        ("kto", "tie", {}, "tie"),
        ("kto", "both_bad", {"both_bad": "drop"}, "both responses are bad"),
        ("annotations", "tie", {"ties": "drop"}, "tie"),
    ],
)
def test_undecided_pairs_are_left_out_and_counted(
    example_of: ExampleOf, name: str, winner: Winner, options: dict[str, str], expected: str
) -> None:
    assert _rows(_undecided(example_of, winner), name, **options) == expected


@pytest.mark.parametrize("winner", ["tie", "both_bad"])
@pytest.mark.parametrize("name", ["preference", "reward"])
def test_kept_pairs_have_a_row_for_each_order(
    example_of: ExampleOf, name: str, winner: Winner
) -> None:
    rows = _rows(_undecided(example_of, winner), name, ties="keep", both_bad="keep")
    assert isinstance(rows, list)
    first, second = rows
    assert (first["chosen"], first["rejected"]) == (second["rejected"], second["chosen"])
    for row in (first, second):
        assert (row["margin"], row["soft_label"], row["origin"]) == (0.0, 0.5, winner)


def test_a_kept_pair_counts_once(example_of: ExampleOf) -> None:
    record = replace(_undecided(example_of, "tie"), answers=3)
    kept = apply_undecided([record], FORMATS["preference"], parse_row_options({"ties": "keep"}))
    assert [label.answers for label in kept] == [3, 0]


def test_kto_has_two_undesirable_responses_of_a_bad_pair(example_of: ExampleOf) -> None:
    rows = _rows(_undecided(example_of, "both_bad"), "kto")
    assert [row["label"] for row in rows if isinstance(row, dict)] == [False, False]
    rows = _rows(_undecided(example_of, "tie"), "kto", ties="keep")
    assert [row["label"] for row in rows if isinstance(row, dict)] == [True, True]


def test_other_labels_are_unchanged(example_of: ExampleOf) -> None:
    bad = _undecided(example_of, "both_bad")
    assert isinstance(bad.label, Preference)
    written = replace(bad, label=replace(bad.label, better_response="Better."))
    labels: list[LabelRecord | LeftOutLabel] = [
        example_of(DEMONSTRATION),
        example_of(COMPARISON),
        written,
    ]
    labels.append(LeftOutLabel("gold question"))
    options = parse_row_options({"ties": "drop", "both_bad": "drop"})
    assert list(apply_undecided(labels, FORMATS["sft"], options)) == labels
