"""What several experts say together about one item, and how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal, cast

from bot.quality.votes import Asked, Level, Value, Vote, by_question

Source = Literal["unanimous", "majority", "split", "single", "adjudicated"]
"""Where an item's answer comes from.

Unanimous: all who answered said the same. Majority: more than half did. Split: neither. Single: one
alone answered, or, as with written responses, there is nothing to agree on. Adjudicated: somebody
was asked to decide.
"""

LEAST_SURE = ("split", "majority", "unanimous", "single")
"""In this order one question speaks for all questions of an item."""


@dataclass(frozen=True, slots=True)
class Consensus:
    """What was said to one question of one item.

    `value` is what more than half said; for ordinal values the median, which may lie between two
    points; None where experts are split over things that have no middle.
    """

    source: Source
    value: str | float | None


def consensus(values: Sequence[Value], level: Level) -> Consensus:
    """Return what one or more experts say together.

    Raises:
        ValueError: nobody said anything.
    """
    if not values:
        message = "nobody voted"
        raise ValueError(message)
    value, count = Counter(values).most_common(1)[0]
    source = _source(count, len(values))
    if level != "nominal":
        return Consensus(source, median(cast("Sequence[int]", values)))
    return Consensus(source, None if source == "split" else value)


def _source(most: int, of: int) -> Source:
    if of == 1:
        return "single"
    if most == of:
        return "unanimous"
    return "majority" if 2 * most > of else "split"


def by_vote(ballots: Sequence[Sequence[Vote]]) -> dict[Asked, Consensus]:
    """Return what experts say together to each question of one item, given the votes of each."""
    said = by_question(ballots)
    return {asked: consensus(values, asked.level) for asked, values in said.items()}


def source_of(ballots: Sequence[Sequence[Vote]]) -> Source:
    """Return how sure the answer to one item is, given the votes of each expert.

    Of several questions the one that they agree on least speaks for the item.
    """
    if len(ballots) == 1:
        return "single"
    asked = by_question(ballots).values()
    found = {_source(max(Counter(values).values()), len(values)) for values in asked}
    return cast("Source", next((source for source in LEAST_SURE if source in found), "single"))
