"""Self-consistency: how often an expert gives the same answer to an item that is shown again."""

from __future__ import annotations

from collections.abc import Iterable

from bot.kinds.label import Label
from bot.quality.gold import Accuracy, GoldTally
from bot.quality.scales import Scales


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
