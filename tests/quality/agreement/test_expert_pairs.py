"""Agreement of each two experts."""

from __future__ import annotations

import pytest

from bot.quality.agreement.expert_pairs import MAX_PAIRS, ExpertPairs, PairQuestion
from bot.quality.agreement.interval import MIN_ITEMS
from bot.quality.votes import ORDER

QUALITY = PairQuestion("quality", "ordinal", is_sided=False)


def test_each_two_experts_have_every_coefficient() -> None:
    pairs = ExpertPairs({})
    for item in range(MIN_ITEMS):
        pairs.add_item([1, 2])
        pairs.add(QUALITY, [[(1, 1 + item % 3), (2, 1 + item % 2)]])
        pairs.add_rankings([(1, (1, 2, 3)), (2, (2, 1, 3) if item % 2 else (1, 2, 3))])
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
    experts = range(1, 17)  # 120 pairs
    pairs.add_item(experts)
    pairs.add_item([15, 16])
    assert len(pairs.items) > MAX_PAIRS == len(pairs.frequent_pairs())
    assert pairs.frequent_pairs()[0] == (15, 16)


def test_pairs_of_responses_of_one_ranking_are_one_item() -> None:
    """Otherwise seven rankings of three responses would have an interval, and a narrow one."""
    pairs = ExpertPairs({})
    question = PairQuestion(ORDER, "nominal", is_sided=True)
    for item in range(MIN_ITEMS - 1):
        other = "right" if item % 3 else "left"
        pairs.add_item([1, 2])
        pairs.add(question, [[(1, "left"), (2, "left")]] * 2 + [[(1, "left"), (2, other)]])
    found = {row.metric: row for row in pairs.coefficients()}
    assert {"percent", "alpha", "cohen_kappa"} <= set(found)
    assert {(row.units, row.estimate.low) for row in found.values()} == {(MIN_ITEMS - 1, None)}
    pairs.add(question, [[(1, "left"), (2, "left")]] * 3)
    assert all(row.estimate.low is not None for row in pairs.coefficients())
