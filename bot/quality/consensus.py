"""Consensus: how far the experts who answered an item agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from bot.quality.votes import Vote, values_by_question

ConsensusSource = Literal["unanimous", "majority", "split", "single", "adjudicated"]
"""Where the answer to an item comes from.

Unanimous: all answers are the same. Majority: more than half are. Split: neither. Single: only one
expert answered, or the answers cannot agree, as with written responses. Adjudicated: somebody
decided.
"""

LEAST_CERTAIN_FIRST: tuple[ConsensusSource, ...] = ("split", "majority", "unanimous", "single")
"""The first of these found among an item's questions applies to the item."""


def _classify_source(largest_group: int, total: int) -> ConsensusSource:
    if total == 1:
        return "single"
    if largest_group == total:
        return "unanimous"
    return "majority" if 2 * largest_group > total else "split"


def consensus_source(ballots: Sequence[Sequence[Vote]]) -> ConsensusSource:
    """Return the consensus level of an item, given each expert's votes.

    With several questions, the item takes the level of the least-agreed one.
    """
    if len(ballots) == 1:
        return "single"
    sources = {
        _classify_source(max(Counter(values).values()), len(values))
        for values in values_by_question(ballots).values()
    }
    return next((source for source in LEAST_CERTAIN_FIRST if source in sources), "single")
