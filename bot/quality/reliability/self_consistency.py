"""Self-consistency: how often an expert gives the same answer to an item that is shown again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.kinds.label import Label
from bot.quality.gold import Accuracy, GoldTally
from bot.quality.scales import Scales


@dataclass(frozen=True, slots=True)
class SameSide:
    """How often an expert chose the same side again after the sides were exchanged.

    A careful expert does so only if they change their mind, and then for either side. A preferred
    side shows in `first` or `second` alone.

    Attributes:
        first: both times the response at the first position (A).
        second: both times the response at the second position (B).
        total: repeated comparisons in which the expert preferred a response both times.
    """

    first: int
    second: int
    total: int


def same_side(sides: Iterable[tuple[int | None, int | None]]) -> SameSide | None:
    """Return how often an expert chose the same side twice, or None without a preference.

    Args:
        sides: the positions from 0 that one expert preferred at first and in the repeat, None if
            they preferred neither. The sides were exchanged in between.
    """
    chosen = [pair for pair in sides if None not in pair]
    return SameSide(chosen.count((0, 0)), chosen.count((1, 1)), len(chosen)) if chosen else None


def self_consistency(pairs: Iterable[tuple[Label, Label]], scales: Scales) -> Accuracy | None:
    """Return how often the second answer matches the first, or None without any pair.

    Args:
        pairs: the first and the second answer of one expert to each repeated item, both in imported
            order.
        scales: the campaign's scales.

    Answers match as they match a gold answer: points within the tolerance of their scale, rankings
    by their correlation. The corrected value is 0 for an expert whose second answers do not depend
    on the first.
    """
    tally = GoldTally()
    for first, second in pairs:
        tally.add(second, first)
    return tally.accuracy(scales)
