"""Which items a reviewer should see."""

from __future__ import annotations

import pytest

from bot.kinds.label import Winner
from bot.quality.disagreement import disagreement_of
from bot.quality.votes import votes_of
from tests.quality.test_gold import ranking
from tests.quality.test_votes import preference, rating


def of_points(points: list[int], scale: int = 5) -> float:
    """Return the disagreement of ratings on one criterion."""
    ballots = [votes_of(rating(humor=value)) for value in points]
    return disagreement_of(ballots, {"humor": scale})


def of_winners(*winners: Winner) -> float:
    """Return the disagreement of preferences."""
    return disagreement_of([votes_of(preference(winner, 3)) for winner in winners], {})


@pytest.mark.parametrize("points", [[3], [4, 4, 4], [3, 4], [3, 4, 4], [2, 1, 2]])
def test_one_point_apart_needs_no_review(points: list[int]) -> None:
    """Any difference once counted, so that 84% of real ratings waited for a review."""
    assert of_points(points) == 0


def test_wider_spread_is_worse() -> None:
    assert 0 < of_points([3, 5]) < of_points([2, 5]) < of_points([1, 5]) == 1


def test_both_ends_of_a_short_scale_disagree() -> None:
    assert of_points([1, 2], scale=2) == 1
    assert of_points([1, 2], scale=3) == 0
    assert of_points([1, 3], scale=3) == 1


def test_worst_criterion_counts() -> None:
    ballots = [votes_of(rating(humor=4, clarity=1)), votes_of(rating(humor=4, clarity=4))]
    assert disagreement_of(ballots, {"humor": 5, "clarity": 5}) == 0.75


def test_different_winners_disagree_however_strong() -> None:
    assert of_winners("left", "left") == 0
    assert of_winners("left", "left", "right") == pytest.approx(2 / 3)
    assert of_winners("left", "right") == 1


def test_similar_rankings_need_no_review() -> None:
    similar = [votes_of(ranking(1, 2, 3, 4)), votes_of(ranking(2, 1, 3, 4))]
    assert disagreement_of(similar, {}) == 0
    opposite = [votes_of(ranking(1, 2, 3, 4)), votes_of(ranking(4, 3, 2, 1))]
    assert disagreement_of(opposite, {}) == 1


def test_cyclic_rankings_disagree() -> None:
    cycle = [votes_of(ranking(*ranks)) for ranks in ((1, 2, 3), (2, 3, 1), (3, 1, 2))]
    assert disagreement_of(cycle, {}) > 0.5
