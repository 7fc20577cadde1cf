"""Formats of TRL beside those of `test_formats.py`: reward, KTO and prompt-only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from bot.exports.formats import FORMATS
from bot.exports.formats.format import ChatMessage, ExportRow, LeftOutLabel
from bot.exports.label_record import LabelRecord
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.content import Candidate, ConversationTurn
from bot.kinds.curation import CURATION
from bot.kinds.demonstration import DEMONSTRATION
from bot.kinds.label import (
    Demonstration,
    Judgment,
    Preference,
    Ranking,
    Rating,
    Verdict,
    Winner,
)
from bot.kinds.ranking import RANKING
from bot.kinds.rating import RATING

ExampleOf = Callable[[Kind[Any]], LabelRecord]

PROMPT = (ConversationTurn("user", "Hi"),)


def _rows(name: str, record: LabelRecord) -> list[ExportRow]:
    rows = FORMATS[name].to_rows(record)
    assert not isinstance(rows, LeftOutLabel), rows
    return list(rows)


def _text(row: ExportRow, column: str) -> str:
    return cast("list[ChatMessage]", row[column])[-1]["content"]


def _judged(record: LabelRecord) -> list[tuple[str, object, object]]:
    return [(_text(row, "completion"), row["label"], row["origin"]) for row in _rows("kto", record)]


def _preference(record: LabelRecord, winner: Winner, better: str | None = None) -> LabelRecord:
    label = Preference(
        PROMPT, Candidate("L", "wren"), Candidate("R"), winner, None, better_response=better
    )
    return replace(record, label=label)


def test_reward_rows_are_whole_conversations(example_of: ExampleOf) -> None:
    record = _preference(example_of(COMPARISON), "right")
    (row,) = _rows("reward", record)
    question = {"role": "user", "content": "Hi"}
    assert row["chosen"] == [question, {"role": "assistant", "content": "R"}]
    assert row["rejected"] == [question, {"role": "assistant", "content": "L"}]
    (explicit,) = _rows("preference", record)
    shared = row.keys() & explicit.keys() - {"chosen", "rejected"}
    assert {name: row[name] for name in shared} == {name: explicit[name] for name in shared}


@pytest.mark.parametrize(
    ("winner", "better", "expected"),
    [
        ("left", None, [("L", True, "judged"), ("R", False, "judged")]),
        ("right", None, [("L", False, "judged"), ("R", True, "judged")]),
        ("tie", None, [("L", True, "judged"), ("R", True, "judged")]),
        ("both_bad", None, [("L", False, "judged"), ("R", False, "judged")]),
        (
            "both_bad",
            "B",
            [("B", True, "written"), ("L", False, "judged"), ("R", False, "judged")],
        ),
    ],
)
def test_kto_has_a_row_for_each_response(
    example_of: ExampleOf,
    winner: Winner,
    better: str | None,
    expected: list[tuple[str, object, object]],
) -> None:
    assert _judged(_preference(example_of(COMPARISON), winner, better)) == expected


def test_kto_has_the_best_and_worst_of_a_ranking(example_of: ExampleOf) -> None:
    label = example_of(RANKING).label
    assert isinstance(label, Ranking)
    candidates = tuple(map(Candidate, "ABC"))
    record = replace(
        example_of(RANKING), label=replace(label, candidates=candidates, ranks=(2, 1, 3))
    )
    assert _judged(record) == [("B", True, "judged"), ("C", False, "judged")]
    tied = replace(record, label=replace(label, ranks=(1, 1, 1)))
    assert FORMATS["kto"].to_rows(tied) == LeftOutLabel("all responses tied")


@pytest.mark.parametrize(("points", "label"), [((5, 4), True), ((1, 2), False), ((5, 1), None)])
def test_kto_divides_ratings_at_the_middle_of_the_scale(
    example_of: ExampleOf, points: tuple[float, float], *, label: bool | None
) -> None:
    rating = example_of(RATING).label
    assert isinstance(rating, Rating)
    scores = tuple(zip(("humor", "clarity"), points, strict=True))
    record = replace(
        example_of(RATING),
        label=replace(rating, scores=scores),
        scales={"humor": 5, "clarity": 5},
    )
    if label is None:
        reason = LeftOutLabel("rated in the middle of the scale")
        assert FORMATS["kto"].to_rows(record) == reason
    else:
        assert [row["label"] for row in _rows("kto", record)] == [label]


def _verdict(record: LabelRecord, verdict: Judgment, corrected: str | None = None) -> LabelRecord:
    label = Verdict(PROMPT, Candidate("Bad grammer"), verdict, corrected)
    return replace(record, label=label)


def test_corrections_are_pairs_and_desirable_responses(example_of: ExampleOf) -> None:
    record = _verdict(example_of(CURATION), "corrected", "Bad grammar")
    (pair,) = _rows("preference", record)
    assert (_text(pair, "chosen"), _text(pair, "rejected")) == ("Bad grammar", "Bad grammer")
    assert (pair["origin"], pair["margin"]) == ("corrected", 0.0)
    assert _judged(record) == [
        ("Bad grammar", True, "corrected"),
        ("Bad grammer", False, "judged"),
    ]
    verdicts: tuple[Judgment, ...] = ("good", "bad")
    for verdict in verdicts:
        judged = _verdict(record, verdict)
        assert isinstance(FORMATS["preference"].to_rows(judged), LeftOutLabel)
        assert _judged(judged) == [("Bad grammer", verdict == "good", "judged")]


def test_edited_drafts_are_pairs(example_of: ExampleOf) -> None:
    label = Demonstration(PROMPT, "Better", "Draft")
    record = replace(example_of(DEMONSTRATION), label=label)
    (pair,) = _rows("preference", record)
    assert (_text(pair, "chosen"), _text(pair, "rejected")) == ("Better", "Draft")
    assert _judged(record) == [("Better", True, "written"), ("Draft", False, "draft")]
    for draft, reason in (
        ("Better", "draft kept unchanged"),
        (None, "written without a draft to compare"),
    ):
        other = replace(record, label=replace(label, draft=draft))
        assert FORMATS["preference"].to_rows(other) == LeftOutLabel(reason)
        assert _judged(other) == [("Better", True, "written")]


def test_prompt_only_has_no_response(example_of: ExampleOf) -> None:
    record = _preference(example_of(COMPARISON), "left")
    assert _rows("prompt-only", record) == [
        {"prompt": [{"role": "user", "content": "Hi"}], "item": "item-1", "campaign": "spring"}
    ]
    unprompted = replace(record, label=replace(record.label, prompt=()))
    assert FORMATS["prompt-only"].to_rows(unprompted) == LeftOutLabel("no prompt")
