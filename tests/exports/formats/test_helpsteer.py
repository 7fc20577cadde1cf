"""HelpSteer: preferences of one and of several answers, scores from 0, prompts as one text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.exports.formats.format import LeftOutLabel
from bot.exports.formats.helpsteer import (
    HAS_MARKER,
    HELPSTEER,
    HELPSTEER_PREFERENCE,
    NO_SYSTEM_MESSAGES,
    NOT_ASKED,
)
from bot.exports.label_record import LabelRecord
from bot.exports.spool import spool_rows
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.content import Candidate, ConversationTurn
from bot.kinds.label import Preference, Rating, Winner
from bot.kinds.rating import RATING
from bot.quality.aggregation.shares import Shares
from bot.quality.votes import STRENGTH

ExampleOf = Callable[[Kind[Any]], LabelRecord]


def preference_of(
    example_of: ExampleOf, winner: Winner, strength: int | None, shares: Shares
) -> tuple[object, object] | str:
    """Return the integer and the mean of a row, or why there is none."""
    label = Preference((), Candidate("L"), Candidate("R"), winner, strength)
    given = {(STRENGTH, ""): shares} if shares else {}
    rows = HELPSTEER_PREFERENCE.to_rows(replace(example_of(COMPARISON), label=label, shares=given))
    if isinstance(rows, LeftOutLabel):
        return rows.reason
    return rows[0]["overall_preference"], rows[0]["mean_preference"]


@pytest.mark.parametrize(
    ("winner", "strength", "shares", "expected"),
    [
        ("left", -3, {}, (-3, -3.0)),
        ("right", 1, {}, (1, 1.0)),
        ("tie", 0, {}, (0, 0.0)),
        ("right", None, {3: 0.5, 2: 0.5}, (2, 2.5)),
        ("left", None, {-1: 0.5, 1: 0.25, 0: 0.25}, (-1, -0.25)),
        ("left", None, {-1: 0.6, 3: 0.4}, (-1, 0.6)),
        ("tie", None, {-1: 0.5, 3: 0.5}, (0, 1.0)),
        ("left", None, {}, NOT_ASKED),
        ("both_bad", 0, {}, "both responses are bad"),
    ],
)
def test_preference_agrees_with_the_winner(
    example_of: ExampleOf,
    winner: Winner,
    strength: int | None,
    shares: Shares,
    expected: object,
) -> None:
    assert preference_of(example_of, winner, strength, shares) == expected


def rated(example_of: ExampleOf, *prompt: ConversationTurn) -> LabelRecord:
    """Return a rating of a response to a prompt, with a criterion called like a column."""
    label = Rating(prompt, Candidate("R"), (("prompt", 1), ("tone", 3.5)))
    return replace(example_of(RATING), label=label)


def test_conversation_is_one_text_with_a_mark_before_each_later_turn(
    example_of: ExampleOf,
) -> None:
    turns = (
        ConversationTurn("user", "Hi"),
        ConversationTurn("assistant", "Hello"),
        ConversationTurn("user", "Bye"),
    )
    rows = HELPSTEER.to_rows(rated(example_of, *turns))
    assert not isinstance(rows, LeftOutLabel)
    assert rows[0]["prompt"] == "Hi\n<extra_id_1>Assistant\nHello\n<extra_id_1>User\nBye"
    assert rows[0]["attributes"] == {"prompt": 0, "tone": 2.5}


def test_criteria_are_columns_that_differ_from_all_others(
    example_of: ExampleOf, tmp_path: Path
) -> None:
    record = rated(example_of, ConversationTurn("user", "Hi"))
    spooled = spool_rows([record], HELPSTEER, tmp_path / "rows")
    names = [column.name for column in spooled.columns]
    assert names[:4] == ["prompt", "response", "score_prompt", "tone"]
    assert {column.type for column in spooled.columns[2:4]} == {"number"}
    assert b'"response":"R","score_prompt":0.0,"tone":2.5,' in (tmp_path / "rows").read_bytes()


@pytest.mark.parametrize(
    ("turn", "reason"),
    [
        (ConversationTurn("system", "S"), NO_SYSTEM_MESSAGES),
        (ConversationTurn("user", "<extra_id_1>"), HAS_MARKER),
    ],
)
def test_prompt_that_is_no_such_text_is_counted(
    example_of: ExampleOf, turn: ConversationTurn, reason: str
) -> None:
    assert HELPSTEER.to_rows(rated(example_of, turn)) == LeftOutLabel(reason)
