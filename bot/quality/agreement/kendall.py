"""Agreement between rankings: Kendall's tau-b between two, and his W among all of an item.

Maurice G. Kendall, *Rank Correlation Methods* (1948), with his corrections for ties.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import sqrt
from statistics import fmean

from bot.quality.agreement.interval import NO_ESTIMATE, Estimate, WeightedItem, estimate

Ranks = Sequence[int]
"""The rank of each candidate in imported order; tied candidates share one."""

PSEUDO_TAUS = ((1.0, 1.0), (0.0, 1.0))
"""Values and weights of the pseudo items of the interval."""


def tau_b(first: Ranks, second: Ranks) -> float | None:
    """Return the rank correlation of two rankings, -1 to 1; None if one ties all candidates."""
    products = [
        (_sign(b - a), _sign(d - c))
        for (a, c), (b, d) in combinations(zip(first, second, strict=True), 2)
    ]
    ordered = sum(a != 0 for a, _ in products), sum(b != 0 for _, b in products)
    if not all(ordered):
        return None
    return sum(a * b for a, b in products) / sqrt(ordered[0] * ordered[1])


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def kendall_w(rankings: Sequence[Ranks]) -> float | None:
    """Return the concordance of all rankings of one item, 0 to 1; None with fewer than two."""
    raters = len(rankings)
    if raters < 2 or len(rankings[0]) < 2:  # noqa: PLR2004 - two rankings of two candidates
        return None
    candidates = len(rankings[0])
    sums = [sum(ranks) for ranks in zip(*map(_mid_ranks, rankings), strict=True)]
    mean = fmean(sums)
    ties = sum(size**3 - size for ranking in rankings for size in Counter(ranking).values())
    possible = raters**2 * (candidates**3 - candidates) - raters * ties
    return 12 * sum((total - mean) ** 2 for total in sums) / possible if possible else None


def _mid_ranks(ranking: Ranks) -> list[float]:
    """Return the average positions of tied candidates."""
    return [
        sum(other < rank for other in ranking) + (1 + sum(other == rank for other in ranking)) / 2
        for rank in ranking
    ]


@dataclass(frozen=True, slots=True)
class RankingAgreement:
    """Agreement between rankings of the same items.

    Attributes:
        items: items with at least two rankings.
        tau_b: mean over items of the mean tau-b of each two rankings.
        w: mean over items of Kendall's W; without an interval, because W depends on the number of
            rankings.
    """

    items: int = 0
    tau_b: Estimate = NO_ESTIMATE
    w: Estimate = NO_ESTIMATE


@dataclass(slots=True)
class RankingTally:
    """Counts rankings item by item."""

    taus: Counter[float] = field(default_factory=Counter)
    concordances: Counter[float] = field(default_factory=Counter)

    def add(self, rankings: Iterable[Ranks], items: int = 1) -> None:
        """Count so many items with these rankings."""
        given = list(rankings)
        found = [tau_b(*pair) for pair in combinations(given, 2)]
        taus = [tau for tau in found if tau is not None]
        if taus:
            self.taus[round(fmean(taus), 12)] += items
        concordance = kendall_w(given)
        if concordance is not None:
            self.concordances[concordance] += items

    def agreement(self) -> RankingAgreement:
        """Return the agreement of all counted items."""
        w = Estimate(fmean(self.concordances.elements())) if self.concordances else NO_ESTIMATE
        return RankingAgreement(self.taus.total(), self._mean_tau(), w)

    def _mean_tau(self) -> Estimate:
        items = [WeightedItem((1 - tau, 1.0), count) for tau, count in self.taus.items()]
        pseudo_items = [WeightedItem((1 - tau, 1.0), weight) for tau, weight in PSEUDO_TAUS]
        return estimate(items, pseudo_items, lambda sums: sums[0] / sums[1])
