"""Kemeny consensus of rankings, compared with all rankings there are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import product
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.quality.aggregation.kemeny import (
    MAX_CANDIDATES,
    KemenyConsensus,
    kemeny_consensus,
    pairs_of,
)

Ranks = tuple[int, ...]


def consensus(*rankings: Ranks) -> KemenyConsensus:
    """Return the consensus of rankings with equal weights."""
    return kemeny_consensus(len(rankings[0]), pairs_of(rankings))


def dense(ranks: Sequence[int]) -> Ranks:
    """Return ranks without gaps."""
    places = {rank: place for place, rank in enumerate(sorted(set(ranks)), start=1)}
    return tuple(places[rank] for rank in ranks)


def distance(ranks: Ranks, other: Ranks) -> int:
    """Return the distance of Kemeny and Snell: by pair, how far the signs are apart."""
    size = range(len(ranks))
    return sum(
        abs(sign(ranks[a] - ranks[b]) - sign(other[a] - other[b])) for a in size for b in size[:a]
    )


def sign(number: int) -> int:
    """Return -1, 0 or 1."""
    return (number > 0) - (number < 0)


@cache
def all_rankings(size: int) -> set[Ranks]:
    """Return every ranking of so many candidates, with ties."""
    return {dense(ranks) for ranks in product(range(size), repeat=size)}


def nearest(rankings: Sequence[Ranks]) -> tuple[int, set[Ranks]]:
    """Return the least sum of distances, and all rankings that have it."""
    everything = all_rankings(len(rankings[0]))
    sums = {ranks: sum(distance(ranks, other) for other in rankings) for ranks in everything}
    least = min(sums.values())
    return least, {ranks for ranks, total in sums.items() if total == least}


@st.composite
def profiles(draw: st.DrawFn) -> list[Ranks]:
    """Draw rankings of the same candidates, with ties."""
    size = draw(st.integers(2, 5))
    ranks = st.lists(st.integers(0, size - 1), min_size=size, max_size=size)
    return [dense(r) for r in draw(st.lists(ranks, min_size=1, max_size=5))]


@settings(max_examples=60)
@given(rankings=profiles())
@example(rankings=[(1, 2, 3, 4, 5, 6), (3, 1, 2, 6, 4, 5), (2, 3, 1, 5, 6, 4), (2, 1, 1, 3, 3, 4)])
def test_consensus_is_the_nearest_of_all_rankings(rankings: list[Ranks]) -> None:
    found = consensus(*rankings)
    least, best = nearest(rankings)
    assert found.distance == pytest.approx(least)
    assert found.is_unique == (len(best) == 1)
    if found.is_unique:
        assert {found.ranks} == best
    if found.ranks:
        size = range(len(found.ranks))
        for a, b in product(size, size):
            assert (found.ranks[a] < found.ranks[b]) == all(r[a] < r[b] for r in best)


@settings(max_examples=40)
@given(rankings=profiles(), random=st.randoms(use_true_random=False))
def test_order_of_experts_and_candidates_does_not_matter(
    rankings: list[Ranks], random: Random
) -> None:
    places = random.sample(range(len(rankings[0])), len(rankings[0]))
    moved = [tuple(ranks[place] for place in places) for ranks in rankings]
    random.shuffle(moved)
    before, after = consensus(*rankings), consensus(*moved)
    expected = before.ranks and tuple(before.ranks[place] for place in places)
    assert after.ranks == expected
    assert (after.is_unique, after.has_cycle) == (before.is_unique, before.has_cycle)


def test_cycle_is_marked() -> None:
    found = consensus((1, 2, 3), (2, 3, 1), (3, 1, 2))
    assert (found.has_cycle, found.is_unique, found.ranks) == (True, False, (1, 1, 1))
    decided = consensus((1, 2, 3), (1, 2, 3), (2, 3, 1), (3, 1, 2), (3, 1, 2))
    assert (decided.has_cycle, decided.is_unique) == (True, False)
    assert not consensus((1, 2, 3), (1, 2, 3), (3, 2, 1)).has_cycle


def test_majority_for_a_tie_is_a_tie() -> None:
    assert consensus((1, 1, 2), (1, 1, 2), (1, 2, 3)).ranks == (1, 1, 2)


def test_opposite_rankings_leave_a_tie_that_is_marked() -> None:
    found = consensus((1, 2), (2, 1))
    assert (found.ranks, found.is_unique) == ((1, 1), False)


def test_order_that_no_ranks_express_has_none() -> None:
    """The first candidate is before the second in all nearest rankings; the third is anywhere."""
    found = consensus((1, 2, 3), (2, 3, 1))
    assert (found.ranks, found.is_unique) == (None, False)


def test_weights_decide() -> None:
    pairs = pairs_of([(1, 2, 3), (3, 2, 1), (3, 2, 1)], [0.9, 0.4, 0.4])
    assert kemeny_consensus(3, pairs).ranks == (1, 2, 3)


def test_no_ranking_near_the_consensus_of_ten_candidates_is_nearer() -> None:
    straight = tuple(range(1, MAX_CANDIDATES + 1))
    turned = (*straight[3:], *straight[:3])
    rankings = [straight, straight, turned, straight[::-1], (*straight[6:], *straight[:6])]

    def total(ranks: Ranks) -> int:
        return sum(distance(ranks, other) for other in rankings)

    found = consensus(*rankings)
    assert found.ranks
    assert found.has_cycle
    assert total(found.ranks) == found.distance
    for place, half_rank in product(range(MAX_CANDIDATES), range(1, 2 * MAX_CANDIDATES + 2)):
        doubled = [2 * rank for rank in found.ranks]
        doubled[place] = half_rank
        assert total(dense(doubled)) >= found.distance


def test_eleven_candidates_are_refused() -> None:
    with pytest.raises(ValueError, match="maximum is 10"):
        kemeny_consensus(11, {})
