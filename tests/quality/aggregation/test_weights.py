"""Weights of experts, medians of points, and shares of classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.label import Winner
from bot.quality.aggregation.shares import (
    EqualWeights,
    largest_share,
    median_of,
    point_shares,
    spread_of,
)
from bot.quality.aggregation.weights import (
    MIN_COMPARED,
    ReliabilityTally,
    ReliabilityWeights,
)
from bot.quality.agreement.cohen import cohen_kappa
from bot.quality.votes import Vote, votes_of
from tests.quality.test_votes import preference, rating

WINNERS: tuple[Winner, ...] = ("left", "right", "tie", "both_bad")


def weights_of(items: Sequence[Mapping[int, Sequence[Vote]]]) -> dict[int, float]:
    """Return the weight of each expert after these items."""
    tally = ReliabilityTally()
    for ballots in items:
        tally.add(ballots)
    return tally.weights()


def copies(share: float, random: Random) -> tuple[Winner, Winner]:
    """Return an answer, and that of an expert who gives the same with a probability."""
    first = random.choice(WINNERS)
    return first, first if random.random() < share else random.choice(WINNERS)


def test_weight_of_two_experts_is_their_kappa() -> None:
    random = Random(4)  # noqa: S311 - simulated experts
    pairs = [copies(0.6, random) for _ in range(60)]
    weights = weights_of(
        [{1: votes_of(preference(a)), 2: votes_of(preference(b))} for a, b in pairs]
    )
    expected = cohen_kappa(Counter((pair,) for pair in pairs), is_sided=True).value
    assert weights == pytest.approx({1: expected, 2: expected})
    scores = [(random.randint(1, 5), random.randint(1, 5)) for _ in range(10)] + [
        (3, 3),
        (5, 5),
    ] * 9
    weights = weights_of(
        [{1: votes_of(rating(tone=a)), 2: votes_of(rating(tone=b))} for a, b in scores]
    )
    expected = cohen_kappa(Counter((pair,) for pair in scores), "linear").value
    assert weights == pytest.approx({1: expected, 2: expected})


def test_contrary_expert_has_no_weight() -> None:
    contrary: dict[Winner, Winner] = {"left": "right", "right": "left"}
    random = Random(2)  # noqa: S311 - simulated experts
    answers: list[Winner] = [random.choice(("left", "right")) for _ in range(30)]
    items = [
        {
            **{expert: votes_of(preference(answer)) for expert in (1, 2, 3)},
            4: votes_of(preference(contrary[answer])),
        }
        for answer in answers
    ]
    weights = weights_of(items)
    assert weights[4] == 0
    assert weights[1] == weights[2] == weights[3] > 0


def test_little_known_expert_has_the_mean_weight() -> None:
    random = Random(5)  # noqa: S311 - simulated experts
    pairs = [copies(0.5, random) for _ in range(40)]
    items = [{1: votes_of(preference(a)), 2: votes_of(preference(b))} for a, b in pairs]
    few = [{1: votes_of(preference("tie")), 3: votes_of(preference("left"))}] * (MIN_COMPARED - 1)
    weights = weights_of([*items, *few])
    assert weights[3] == pytest.approx((weights[1] + weights[2]) / 2)
    assert weights_of([{7: votes_of(preference("left"))}]) == {7: 1.0}


def test_weights_decide_between_votes() -> None:
    rule = ReliabilityWeights({"ada": 0.9, "bob": 0.4, "eve": 0.4})
    votes = [("ada", "left"), ("bob", "right"), ("eve", "right")]
    assert largest_share(rule.shares("winner", votes)) == "left"
    assert largest_share(EqualWeights().shares("winner", votes)) == "right"
    assert ReliabilityWeights({"ada": 0.0}).shares("winner", votes[:1]) == {}


def test_equal_shares_have_no_largest() -> None:
    assert largest_share({"left": 0.5, "right": 0.5}) is None
    assert largest_share({}) is None
    assert largest_share({"left": 1 / 3, "right": 2 / 3}) == "right"


@given(st.lists(st.integers(1, 10), min_size=1, max_size=9))
def test_median_of_equal_weights_is_the_median(values: list[int]) -> None:
    shares = point_shares(EqualWeights().shares("tone", [("", value) for value in values]))
    assert median_of(shares) == median(values)


def test_weighted_median_and_spread() -> None:
    shares = {1.0: 0.2, 4.0: 0.5, 5.0: 0.3}
    assert median_of(shares) == 4
    assert spread_of(shares, 4) == pytest.approx(0.9)
