"""Consensus levels of items."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.label import Demonstration, Winner
from bot.quality.consensus import ConsensusSource, consensus_source
from bot.quality.votes import votes_of
from tests.quality.test_votes import preference, rating

POINTS = st.lists(st.integers(1, 5), min_size=1, max_size=7)


@pytest.mark.parametrize(
    ("winners", "source"),
    [
        (["left"], "single"),
        (["left", "left"], "unanimous"),
        (["left", "tie", "left"], "majority"),
        (["left", "right"], "split"),
        (["left", "left", "right", "tie"], "split"),
    ],
)
def test_source_of_nominal_answers(winners: list[Winner], source: ConsensusSource) -> None:
    assert consensus_source([votes_of(preference(winner)) for winner in winners]) == source


@pytest.mark.parametrize(
    ("points", "source"),
    [
        ([3], "single"),
        ([4, 4, 4], "unanimous"),
        ([5, 1, 5], "majority"),
        ([1, 3, 5], "split"),
        ([2, 5], "split"),
    ],
)
def test_source_of_ordinal_answers(points: list[int], source: ConsensusSource) -> None:
    assert source_of_points(points) == source


def source_of_points(points: list[int]) -> ConsensusSource:
    """Return the consensus level of ratings of one criterion."""
    return consensus_source([votes_of(rating(humor=value)) for value in points])


@given(points=POINTS, order=st.randoms())
def test_order_of_answers_does_not_matter(points: list[int], order: Random) -> None:
    assert source_of_points(points) == source_of_points(order.sample(points, len(points)))


@given(points=POINTS)
def test_majority_stays_one_when_more_agree(points: list[int]) -> None:
    if source_of_points(points) != "split":
        most_common = Counter(points).most_common(1)[0][0]
        assert source_of_points([*points, most_common]) in ("unanimous", "majority")


def test_item_takes_level_of_least_agreed_question() -> None:
    labels = [rating(humor=5, clarity=3), rating(humor=5, clarity=1), rating(humor=5, clarity=2)]
    ballots = [votes_of(label) for label in labels]
    assert consensus_source(ballots) == "split"
    assert consensus_source(ballots[:1]) == "single"
    assert consensus_source(ballots[:1] * 2) == "unanimous"


def test_tie_and_both_bad_are_different_answers() -> None:
    winners: tuple[Winner, ...] = ("tie", "both_bad", "left")
    assert consensus_source([votes_of(preference(winner)) for winner in winners]) == "split"


def test_written_responses_are_single() -> None:
    written = Demonstration((), "One.", None), Demonstration((), "Another.", None)
    assert consensus_source([votes_of(label) for label in written]) == "single"
