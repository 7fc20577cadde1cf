"""Krippendorff's alpha: Klaus Krippendorff, *Computing Krippendorff's Alpha-Reliability* (2011).

1 is perfect agreement, 0 is agreement at chance level. Any number of experts, missing answers, and
nominal, ordinal, interval and ratio values are possible.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.quality.agreement.interval import Ratio
from bot.quality.agreement.levels import distance_at
from bot.quality.agreement.table import Table


def alpha_ratio(table: Table) -> Ratio:
    """Return the function for observed divided by expected disagreement; alpha is 1 minus it."""
    pairs = table.pairs

    def ratio(sums: Sequence[float]) -> float | None:
        parts = table.split(sums)
        marginals = parts.marginals
        distance = distance_at(table.level, table.values, marginals)
        distances = [distance(*pair) for pair in pairs]
        expected = sum(
            marginals[index] * marginals[other] * distance
            for (index, other), distance in zip(pairs, distances, strict=True)
        )
        if expected <= 0:
            return None
        observed = sum(map(float.__mul__, map(float, parts.coincidences), distances))
        return (sum(marginals) - 1) * observed / expected

    return ratio
