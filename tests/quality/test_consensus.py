"""Consensus levels of items."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.label import Demonstration, Winner
from bot.quality.consensus import ConsensusSource, find_consensus
from bot.quality.votes import Vote, votes_of
from tests.quality.test_gold import ranking
from tests.quality.test_votes import preference, rating

SCALES = {"humor": 5, "clarity": 5, "yes_or_no": 2}

POINTS = st.lists(st.integers(1, 5), min_size=1, max_size=7)


def consensus_source(ballots: Sequence[Sequence[Vote]]) -> ConsensusSource:
    """Return the source of an item."""
    return find_consensus(ballots, SCALES).source


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
        ([3, 4, 5], "majority"),
        ([3, 4], "majority"),
        ([3, 3, 5], "majority"),
        ([1, 1, 1, 1, 5], "majority"),
        ([1, 1, 5], "split"),
        ([5, 1, 5], "split"),
        ([1, 3, 5], "split"),
        ([2, 4], "split"),
    ],
)
def test_source_of_ordinal_answers(points: list[int], source: ConsensusSource) -> None:
    assert source_of_points(points) == source


def source_of_points(points: list[int]) -> ConsensusSource:
    """Return the consensus level of ratings of one criterion."""
    return consensus_source([votes_of(rating(humor=value)) for value in points])


def test_two_point_scale_needs_a_majority() -> None:
    def source(*points: int) -> ConsensusSource:
        return consensus_source([votes_of(rating(yes_or_no=value)) for value in points])

    assert [source(1, 1), source(1, 2), source(1, 1, 2)] == ["unanimous", "split", "majority"]


def test_outvoted_answers_are_not_with_the_majority() -> None:
    ballots = [votes_of(preference(winner)) for winner in ("left", "left", "right")]
    consensus = find_consensus(ballots, SCALES)
    assert [consensus.includes(ballot) for ballot in ballots] == [True, True, False]


def test_no_answer_to_a_split_item_is_with_a_majority() -> None:
    ballots = [votes_of(preference(winner)) for winner in ("left", "right")]
    consensus = find_consensus(ballots, SCALES)
    assert [consensus.includes(ballot) for ballot in ballots] == [False, False]


def test_only_answer_is_with_the_majority() -> None:
    ballot = votes_of(preference("tie"))
    assert find_consensus([ballot], SCALES).includes(ballot)


def test_point_next_to_the_median_is_with_the_majority() -> None:
    ballots = [votes_of(rating(humor=value)) for value in (3, 3, 4, 5)]
    consensus = find_consensus(ballots, SCALES)
    assert [consensus.includes(ballot) for ballot in ballots] == [True, True, True, False]


def test_strength_does_not_split_an_item() -> None:
    ballots = [votes_of(preference("left", -1)), votes_of(preference("left", -3))]
    assert consensus_source(ballots) == "unanimous"


@pytest.mark.parametrize(
    ("rankings", "source"),
    [
        ([(1, 2, 3), (1, 2, 3)], "unanimous"),
        ([(1, 2, 3), (1, 2, 3), (2, 1, 3)], "majority"),
        ([(1, 2, 2), (1, 2, 2), (1, 2, 3)], "majority"),
        ([(1, 2, 3), (2, 3, 1), (3, 1, 2)], "split"),
        ([(1, 2, 3), (3, 2, 1)], "split"),
    ],
)
def test_rankings_whose_majorities_form_a_cycle_are_split(
    rankings: list[tuple[int, ...]], source: ConsensusSource
) -> None:
    assert consensus_source([votes_of(ranking(*ranks)) for ranks in rankings]) == source


@given(points=POINTS, order=st.randoms())
def test_order_of_answers_does_not_matter(points: list[int], order: Random) -> None:
    assert source_of_points(points) == source_of_points(order.sample(points, len(points)))


@given(points=POINTS)
def test_majority_stays_one_when_more_agree(points: list[int]) -> None:
    if source_of_points(points) != "split":
        middle = median_low(points)
        assert source_of_points([*points, middle]) in ("unanimous", "majority")


def test_item_takes_level_of_least_agreed_question() -> None:
    labels = [rating(humor=5, clarity=3), rating(humor=5, clarity=1), rating(humor=5, clarity=5)]
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
