"""Fleiss' kappa: Joseph L. Fleiss, *Measuring Nominal Scale Agreement Among Many Raters* (1971).

Units may have different numbers of answers, as in Kilem L. Gwet, *Handbook of Inter-Rater
Reliability* (2014), chapter 2; with equal numbers the result is Fleiss' own.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.quality.agreement.interval import Ratio
from bot.quality.agreement.table import Table


def fleiss_ratio(table: Table) -> Ratio:
    """Return the function for observed divided by expected disagreement; kappa is 1 minus it."""

    def ratio(sums: Sequence[float]) -> float | None:
        parts = table.split(sums)
        if not parts.pairable_units:
            return None
        expected = 1 - sum((share / parts.units) ** 2 for share in parts.shares)
        observed = sum(parts.pair_shares) / parts.pairable_units
        return observed / expected if expected > TINY else None

    return ratio


TINY = 1e-12
"""Less expected disagreement than this is a rounding error: all answers are the same."""
