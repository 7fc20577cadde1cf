"""Agreement of each two experts."""

from __future__ import annotations

from itertools import combinations

import pytest

from bot.quality.agreement.expert_pairs import MAX_PAIRS, ExpertPairs
from bot.quality.agreement.interval import MIN_ITEMS
from bot.quality.ballots import Ballot
from bot.quality.votes import ORDER, Vote

NO_VOTES = Ballot(())


def order_of(*winners: str) -> Ballot:
    """Return the votes of a ranking on each pair of its responses."""
    votes = [
        Vote(ORDER, "nominal", winner, str(part), is_sided=True)
        for part, winner in enumerate(winners)
    ]
    return Ballot(tuple(votes))


def test_each_two_experts_have_every_coefficient() -> None:
    pairs = ExpertPairs({})
    for item in range(MIN_ITEMS):
        first = Ballot((Vote("quality", "ordinal", 1 + item % 3),), (1, 2, 3))
        ranks = (2, 1, 3) if item % 2 else (1, 2, 3)
        pairs.add((1, 2), first, Ballot((Vote("quality", "ordinal", 1 + item % 2),), ranks))
    found = {row.metric: row for row in pairs.coefficients()}
    assert set(found) == {
        *("percent", "alpha", "fleiss_kappa", "gwet_ac2"),
        *("cohen_kappa", "cohen_kappa_linear", "cohen_kappa_quadratic", "kendall_tau_b"),
    }
    assert {row.experts for row in found.values()} == {(1, 2)}
    assert {row.units for row in found.values()} == {MIN_ITEMS}
    assert all(row.estimate.low is not None for row in found.values())
    assert found["kendall_tau_b"].question == ORDER
    share = pairs.share("quality", (1, 2))
    assert found["percent"].estimate.value == pytest.approx(share.equal / share.total)


def test_pairs_with_the_most_items_in_common_are_listed() -> None:
    pairs = ExpertPairs({})
    for pair in [*combinations(range(1, 17), 2), (15, 16)]:  # 120 pairs
        pairs.add(pair, NO_VOTES, NO_VOTES)
    assert len(pairs.items) > MAX_PAIRS == len(pairs.frequent_pairs())
    assert pairs.frequent_pairs()[0] == (15, 16)


def test_pairs_of_responses_of_one_ranking_are_one_item() -> None:
    """Otherwise seven rankings of three responses would have an interval, and a narrow one."""
    pairs = ExpertPairs({})
    for item in range(MIN_ITEMS - 1):
        other = order_of("left", "left", "right" if item % 3 else "left")
        pairs.add((1, 2), order_of("left", "left", "left"), other)
    found = {row.metric: row for row in pairs.coefficients()}
    assert {"percent", "alpha", "cohen_kappa"} <= set(found)
    assert {(row.units, row.estimate.low) for row in found.values()} == {(MIN_ITEMS - 1, None)}
    pairs.add((1, 2), order_of("left", "left", "left"), order_of("left", "left", "left"))
    assert all(row.estimate.low is not None for row in pairs.coefficients())
