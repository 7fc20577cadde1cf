"""Items with one vote of each expert, for the comparison with the others."""

from __future__ import annotations

from collections.abc import Mapping

from bot.quality.ballots import ballot_with, compare_ballots
from bot.quality.reliability.peer_comparison import PeerComparison
from bot.quality.votes import Vote


def add_item(
    comparison: PeerComparison,
    votes: Mapping[int, Vote],
    positions: Mapping[int, float],
    gold: Vote | None = None,
) -> None:
    """Add the votes on one item by expert, and their positions among the answers of the expert."""
    ballots = tuple([ballot_with((vote,)) for vote in votes.values()])
    comparison.add_items(ballots, 1)
    compared = compare_ballots(ballots, ballot_with((gold,)) if gold else None)
    comparison.add_answers(votes, [positions[expert] for expert in votes], compared)
