"""What several experts say together about one item, and how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal, cast

from bot.quality.votes import MeasurementLevel, Vote, VoteQuestion, VoteValue, values_by_question

ConsensusSource = Literal["unanimous", "majority", "split", "single", "adjudicated"]
"""Where an item's answer comes from.

Unanimous: all who answered said the same. Majority: more than half did. Split: neither. Single: one
alone answered, or, as with written responses, there is nothing to agree on. Adjudicated: somebody
was asked to decide.
"""

LEAST_CERTAIN_FIRST = ("split", "majority", "unanimous", "single")
"""In this order one question speaks for all questions of an item."""


@dataclass(frozen=True, slots=True)
class Consensus:
    """What was said to one question of one item.

    `value` is what more than half said; for ordinal values the median, which may lie between two
    points; None where experts are split over things that have no middle.
    """

    source: ConsensusSource
    value: str | float | None


def consensus_of(values: Sequence[VoteValue], level: MeasurementLevel) -> Consensus:
    """Return what one or more experts say together.

    Raises:
        ValueError: nobody said anything.
    """
    if not values:
        message = "nobody voted"
        raise ValueError(message)
    value, count = Counter(values).most_common(1)[0]
    source = _classify_source(count, len(values))
    if level != "nominal":
        return Consensus(source, median(cast("Sequence[int]", values)))
    return Consensus(source, None if source == "split" else value)


def _classify_source(largest_group: int, total: int) -> ConsensusSource:
    if total == 1:
        return "single"
    if largest_group == total:
        return "unanimous"
    return "majority" if 2 * largest_group > total else "split"


def consensus_by_question(ballots: Sequence[Sequence[Vote]]) -> dict[VoteQuestion, Consensus]:
    """Return what experts say together to each question of one item, given the votes of each."""
    values_of_questions = values_by_question(ballots)
    return {
        asked: consensus_of(values, asked.level) for asked, values in values_of_questions.items()
    }


def consensus_source(ballots: Sequence[Sequence[Vote]]) -> ConsensusSource:
    """Return how sure the answer to one item is, given the votes of each expert.

    Of several questions the one that they agree on least speaks for the item.
    """
    if len(ballots) == 1:
        return "single"
    asked = values_by_question(ballots).values()
    found = {_classify_source(max(Counter(values).values()), len(values)) for values in asked}
    return cast(
        "ConsensusSource",
        next((source for source in LEAST_CERTAIN_FIRST if source in found), "single"),
    )
