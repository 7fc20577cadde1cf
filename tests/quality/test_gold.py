"""Accuracy on gold questions, and its interval."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.label import Demonstration, Label, Ranking, Winner
from bot.quality.gold import Accuracy, GoldTally, is_correct
from tests.quality.test_votes import preference, rating

HUMOR = {"humor": 5, "clarity": 5}


def accuracy_of(answers: list[tuple[Label, Label]]) -> Accuracy:
    """Return the accuracy on answers, each with the known one."""
    tally = GoldTally()
    for answer, gold in answers:
        tally.add(answer, gold)
    accuracy = tally.accuracy(HUMOR)
    assert accuracy is not None
    return accuracy


def ranking(*ranks: int) -> Ranking:
    """Return a ranking label without texts."""
    return Ranking((), (), ranks)


def test_no_gold_answers_have_no_accuracy() -> None:
    assert GoldTally().accuracy({}) is None


@given(correct=st.integers(0, 30), wrong=st.integers(0, 30))
def test_share_is_within_interval(correct: int, wrong: int) -> None:
    pairs = [(preference("left"), preference("left"))] * correct
    pairs += [(preference("left"), preference("right"))] * wrong
    if pairs:
        accuracy = accuracy_of(list(pairs))
        assert (accuracy.correct, accuracy.total) == (correct, correct + wrong)
        assert accuracy.low <= accuracy.share <= accuracy.high


def test_preference_must_match_gold() -> None:
    assert is_correct(preference("left", 1), preference("left", 3), {})
    assert not is_correct(preference("tie"), preference("left"), {})
    assert not is_correct(preference("tie"), preference("both_bad"), {})


@pytest.mark.parametrize(("points", "tolerance"), [(2, 0), (3, 0), (4, 0), (5, 1), (7, 1)])
def test_tolerance_depends_on_the_scale(points: int, tolerance: int) -> None:
    """On a scale with two points, every answer once counted as correct."""
    for given_points in range(1, points + 1):
        is_right = is_correct(rating(humor=given_points), rating(humor=1), {"humor": points})
        assert is_right == (given_points - 1 <= tolerance)


def test_every_criterion_must_match() -> None:
    gold = rating(humor=4, clarity=2)
    assert is_correct(rating(humor=5, clarity=1), gold, HUMOR)
    assert not is_correct(rating(humor=4, clarity=4), gold, HUMOR)
    assert not is_correct(rating(humor=4), gold, HUMOR), "a missing criterion is wrong"


def test_turns_of_a_conversation_have_the_scale_of_their_criterion() -> None:
    assert is_correct(rating(turn2_humor=4), rating(turn2_humor=5), HUMOR)
    assert not is_correct(rating(turn2_tone=4), rating(turn2_tone=5), HUMOR), "unknown scale"


@pytest.mark.parametrize(
    ("ranks", "is_right"),
    [
        ((1, 2, 3, 4), True),
        ((2, 1, 3, 4), True),
        ((1, 3, 2, 4), True),
        ((2, 1, 4, 3), False),
        ((3, 2, 1, 4), False),
        ((4, 3, 2, 1), False),
        ((1, 1, 1, 1), False),
    ],
)
def test_one_exchange_of_neighbors_is_no_failure(ranks: tuple[int, ...], is_right: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert is_correct(ranking(*ranks), ranking(1, 2, 3, 4), {}) is is_right


def test_two_candidates_can_only_be_right_or_wrong() -> None:
    assert is_correct(ranking(1, 2), ranking(1, 2), {})
    assert not is_correct(ranking(2, 1), ranking(1, 2), {})
    assert not is_correct(ranking(1, 2, 3), ranking(1, 2), {})


def test_always_the_same_answer_is_no_better_than_chance() -> None:
    """An expert who is wrong on everything but near it once had 7 of 7."""
    golds = [preference(winner) for winner in ("left", "right") for _ in range(10)]
    accuracy = accuracy_of([(preference("left"), gold) for gold in golds])
    assert accuracy.share == 0.5
    assert accuracy.chance_corrected == pytest.approx(0, abs=0.06)


def test_perfect_answers_are_perfect_beyond_chance() -> None:
    golds = [preference(winner) for winner in ("left", "right", "tie")]
    assert accuracy_of([(gold, gold) for gold in golds]).chance_corrected == 1


def test_random_points_are_no_better_than_chance() -> None:
    rng = Random(3)  # noqa: S311 - seeded, not for cryptography
    pairs: list[tuple[Label, Label]] = [
        (rating(humor=rng.randint(1, 5)), rating(humor=rng.randint(1, 5))) for _ in range(600)
    ]
    accuracy = accuracy_of(pairs)
    assert accuracy.share == pytest.approx(0.52, abs=0.05), "13 of 25 pairs are one point apart"
    assert accuracy.chance_corrected == pytest.approx(0, abs=0.1)


def test_answer_that_is_correct_everywhere_says_nothing() -> None:
    same: Winner = "left"
    assert accuracy_of([(preference(same), preference(same))] * 9).chance_corrected is None


def test_written_responses_are_not_counted() -> None:
    tally = GoldTally()
    tally.add(Demonstration((), "One.", None), Demonstration((), "One.", None))
    assert tally.accuracy({}) is None
