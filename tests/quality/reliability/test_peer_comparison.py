"""Which experts the comparison with the others reports, in simulated pools and small examples."""

from __future__ import annotations

import pytest

from bot.quality.reliability.peer_comparison import PeerComparison
from bot.quality.votes import Vote
from tests.quality.reliability.answered_items import add_item
from tests.quality.reliability.simulated_pools import (
    Behavior,
    PoolDesign,
    answers_until_found,
    careful_experts_reported,
)


@pytest.mark.parametrize("behavior", ["always the first", "reversed", "by chance"])
def test_suspect_is_found_within_twenty_answers(behavior: Behavior) -> None:
    found = [answers_until_found(PoolDesign(behavior, 0.9), seed, 20) for seed in range(6)]
    assert sum(number is not None for number in found) >= 5


def test_careful_experts_are_not_reported() -> None:
    counts = [careful_experts_reported(PoolDesign("reversed", 0.9), seed, 20) for seed in range(2)]
    assert sum(reported for reported, _ in counts) == 0


def _rate(
    comparison: PeerComparison, position: int, *points: int | None, gold: int | None = None
) -> None:
    """Add one item with a rating of each expert, None if the expert did not answer it."""
    votes = {
        expert: Vote("quality", "ordinal", value)
        for expert, value in enumerate(points)
        if value is not None
    }
    known = Vote("quality", "ordinal", gold) if gold is not None else None
    add_item(comparison, votes, dict.fromkeys(votes, position), known)


def test_change_of_behavior_is_found_with_its_start() -> None:
    comparison = PeerComparison({"quality": 5})
    for number in range(60):
        points = number % 5 + 1
        _rate(comparison, number, points, points, points if number < 40 else 6 - points)
    evidence = comparison.find_evidence()
    assert {expert: found.is_clear for expert, found in evidence.items()} == {
        0: False,
        1: False,
        2: True,
    }
    # The middle of the scale is the same both ways, so the start is not exact.
    assert (evidence[2].pattern, evidence[2].compared) == ("reversed", 60)
    assert 38 <= evidence[2].since <= 43


def test_two_experts_alone_are_never_reported() -> None:
    """It cannot be known which of them is wrong."""
    comparison = PeerComparison({"quality": 5})
    for number in range(60):
        _rate(comparison, number, number % 5 + 1, 5 - number % 5)
    assert comparison.find_evidence() == {}


def test_gold_answers_tell_which_of_two_experts_is_wrong() -> None:
    comparison = PeerComparison({"quality": 5})
    for number in range(60):
        points = number % 5 + 1
        _rate(comparison, number, points, points, 6 - points, gold=points)
    clear = {expert for expert, found in comparison.find_evidence().items() if found.is_clear}
    assert clear == {2}


def test_equal_answers_to_everything_are_no_evidence() -> None:
    comparison = PeerComparison({})
    for number in range(40):
        votes = dict.fromkeys(range(3), Vote("verdict", "nominal", "good"))
        add_item(comparison, votes, dict.fromkeys(votes, number))
    assert comparison.find_evidence() == {}
