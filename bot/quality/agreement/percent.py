"""Percent agreement: the share of pairs of answers to the same item that are equal."""

from __future__ import annotations

from collections.abc import Sequence

from bot.quality.agreement.interval import Ratio
from bot.quality.agreement.table import Table


def percent_ratio(table: Table) -> Ratio:
    """Return the function for the share of different pairs; percent agreement is 1 minus it.

    A unit with m values counts m times, as in Krippendorff's coincidence matrix.
    """

    def ratio(sums: Sequence[float]) -> float | None:
        parts = table.split(sums)
        pairable = sum(parts.marginals)
        return 2 * sum(parts.coincidences) / pairable if pairable else None

    return ratio
