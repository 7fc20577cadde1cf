"""Pairs of ratings: which responses are compared, their margin, and what has no pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.exports.formats.format import LeftOutLabel
from bot.exports.label_record import LabelRecord
from bot.exports.rating_pairs import NO_OTHER, TOO_CLOSE, pair_ratings
from bot.kinds.base import Kind
from bot.kinds.content import Candidate, ConversationTurn
from bot.kinds.label import Preference, RatedTurn, Rating
from bot.kinds.rating import RATING

ExampleOf = Callable[[Kind[Any]], LabelRecord]

POINTS = 5


def _rated(
    record: LabelRecord, text: str, *scores: float, prompt: str = "Hi", expert: str = ""
) -> LabelRecord:
    label = Rating(
        (ConversationTurn("user", prompt),),
        Candidate(text, f"model-{text}"),
        tuple((f"c{number}", score) for number, score in enumerate(scores)),
    )
    scales = {f"c{number}": POINTS for number in range(len(scores))}
    return replace(record, label=label, item_key=text, expert=expert, scales=scales)


def _pairs(
    labels: Sequence[LabelRecord | LeftOutLabel], gap: float = 0.25, *, by_expert: bool = False
) -> tuple[list[tuple[str, str, float | None]], dict[str, int]]:
    """Return chosen, rejected and margin of each pair, and the answers left out by reason."""
    found: list[tuple[str, str, float | None]] = []
    left_out: dict[str, int] = {}
    for label in pair_ratings(labels, gap, by_expert=by_expert):
        if isinstance(label, LeftOutLabel):
            left_out[label.reason] = left_out.get(label.reason, 0) + label.answers
            continue
        preference = label.label
        assert isinstance(preference, Preference)
        found.append((preference.left.text, preference.right.text, label.margin))
    return found, left_out


def test_better_rated_response_is_chosen(example_of: ExampleOf) -> None:
    record = example_of(RATING)
    labels = [_rated(record, "A", 2), _rated(record, "B", 5), _rated(record, "C", 1)]
    assert _pairs(labels) == ([("B", "A", 2.25), ("A", "C", 0.75), ("B", "C", 3.0)], {})


def test_margin_is_that_of_the_mean_position_on_all_scales(example_of: ExampleOf) -> None:
    first, second = _rated(example_of(RATING), "A", 5, 3), _rated(example_of(RATING), "B", 1, 3)
    assert _pairs([first, second]) == ([("A", "B", 1.5)], {})
    longer = [replace(record, scales={"c0": 5, "c1": 9}) for record in (first, second)]
    assert _pairs(longer) == ([("A", "B", 1.5)], {})


def test_only_responses_to_one_prompt_are_compared(example_of: ExampleOf) -> None:
    record = example_of(RATING)
    labels: list[LabelRecord | LeftOutLabel] = [
        _rated(record, "A", 1),
        LeftOutLabel("outvoted"),
        _rated(record, "B", 5),
        _rated(record, "C", 5, prompt="Bye"),
    ]
    assert _pairs(labels) == ([("B", "A", 3.0)], {"outvoted": 1, NO_OTHER: 1})


def test_close_ratings_are_left_out(example_of: ExampleOf) -> None:
    labels = [_rated(example_of(RATING), "A", 3), _rated(example_of(RATING), "B", 4)]
    assert _pairs(labels, 0.3) == ([], {TOO_CLOSE: 2})
    assert _pairs(labels, 0.25) == ([("B", "A", 0.75)], {})
    equal = [_rated(example_of(RATING), "A", 3), _rated(example_of(RATING), "B", 3)]
    assert _pairs(equal, 0.0) == ([], {TOO_CLOSE: 2})


def test_separate_answers_are_compared_with_those_of_the_same_expert(
    example_of: ExampleOf,
) -> None:
    record = example_of(RATING)
    labels = [
        _rated(record, text, score, expert=expert)
        for text, expert, score in (("A", "x", 1), ("A", "y", 5), ("B", "x", 2), ("B", "y", 1))
    ]
    pairs, left_out = _pairs(labels, by_expert=True)
    assert pairs == [("B", "A", 0.75), ("A", "B", 3.0)]
    assert left_out == {}


def test_pair_has_the_evidence_of_both(example_of: ExampleOf) -> None:
    first = replace(
        _rated(example_of(RATING), "A", 5),
        source="unanimous",
        votes=3,
        agreement=1.0,
        shares={("c0", ""): {5: 1.0}},
    )
    second = replace(
        _rated(example_of(RATING), "B", 3),
        source="split",
        is_with_majority=False,
        votes=2,
        agreement=0.5,
        shares={("c0", ""): {1: 0.5, 5: 0.5}},
    )
    (pair,) = pair_ratings([first, second], 0.25, by_expert=False)
    assert isinstance(pair, LabelRecord)
    assert (pair.item_key, pair.pair_origin) == ("A + B", "rated")
    assert (pair.source, pair.is_with_majority) == ("split", False)
    assert (pair.votes, pair.agreement) == (5, 0.5)
    assert pair.shares == {("winner", ""): {"left": 0.75, "right": 0.25}}


@given(scores=st.lists(st.integers(1, POINTS), max_size=8), gap=st.floats(0, 1))
def test_every_answer_is_counted_once(example_of: ExampleOf, scores: list[int], gap: float) -> None:
    record = replace(example_of(RATING), answers=2)
    labels = [_rated(record, str(number), score) for number, score in enumerate(scores)]
    made = list(pair_ratings(labels, gap, by_expert=False))
    assert sum(label.answers for label in made) == 2 * len(scores)
    for label in made:
        if isinstance(label, LabelRecord):
            assert label.margin is not None
            assert 0 < label.margin <= 3
            assert label.margin >= 3 * gap - 1e-6


def test_rating_by_turn_has_no_pair(example_of: ExampleOf) -> None:
    record = _rated(example_of(RATING), "A", 1)
    assert isinstance(record.label, Rating)
    turned = replace(record.label, turns=(RatedTurn(1, (), "A", ()),))
    labels = [replace(record, label=turned), _rated(example_of(RATING), "B", 5)]
    assert _pairs(labels) == ([], {"rated turn by turn": 1, NO_OTHER: 1})
