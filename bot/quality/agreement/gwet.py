"""Gwet's AC1 and AC2, which stay meaningful if nearly all answers are in one category.

Kilem L. Gwet, *Computing Inter-Rater Reliability and Its Variance in the Presence of High
Agreement* (2008), and *Handbook of Inter-Rater Reliability* (2014), chapter 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from bot.quality.agreement.interval import Ratio
from bot.quality.agreement.table import Table


def gwet_ratio(table: Table) -> Ratio:
    """Return the function for observed divided by expected disagreement; AC is 1 minus it.

    Nominal values give AC1, others AC2 with quadratic weights.
    """
    size, pairs = len(table.values), table.pairs
    weights = [_weight(table, *pair) for pair in pairs]
    total_weight = size + 2 * sum(weights)

    def ratio(sums: Sequence[float]) -> float | None:
        parts = table.split(sums)
        if not parts.pairable_units:
            return None
        shares = [share / parts.units for share in parts.shares]
        chance = total_weight / (size * (size - 1)) * sum(share * (1 - share) for share in shares)
        disagreement = sum(
            (1 - weight) * share for weight, share in zip(weights, parts.pair_shares, strict=True)
        )
        return disagreement / parts.pairable_units / (1 - chance) if chance < 1 else None

    return ratio


def _weight(table: Table, index: int, other: int) -> float:
    """Return how much of an agreement two different values are, 0 to 1."""
    if table.level == "nominal":
        return 0.0
    numbers = cast("Sequence[float]", table.values)
    return 1 - ((numbers[other] - numbers[index]) / (numbers[-1] - numbers[0])) ** 2
