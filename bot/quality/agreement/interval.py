"""Confidence intervals of agreement coefficients, with items as clusters.

Every coefficient here is 1 - R, where R compares the observed disagreement with the expected one.
The interval is computed for log R:

1. Three pseudo items are added: one on which two experts agree on a less frequent value (on a
   scale, on the one farthest from the most frequent value), half an item on which they agree on the
   most frequent one, and half an item on which they disagree about the two. Like the two successes
   and two failures of Alan Agresti and Brent Coull (*Approximate Is Better than “Exact” for
   Interval Estimation of Binomial Proportions*, 1998), they matter only while there are few items
   or a value is rare. Without any disagreement, the interval ends where so few items would agree
   without exception only rarely; see `UNSEEN_DISAGREEMENTS`.
2. The variance is that of a jackknife over items (Bradley Efron and Charles Stein, *The Jackknife
   Estimate of Variance*, 1981). All answers to an item are left out together.
3. The quantile is Student's t. Its degrees of freedom follow from the kurtosis of the items'
   influence (Franklin Satterthwaite, *An Approximate Distribution of Estimates of Variance
   Components*, 1946), because a few items often carry most of the variance.

The tests simulate the coverage.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, isfinite, log, sqrt
from typing import TypeAlias

MIN_ITEMS = 20
"""Minimum items for an interval; with fewer it would not cover what it claims."""

LOWEST = -1.0
"""The interval of a coefficient ends here, though some coefficients can be lower."""

LEFT_OUT = 0.5
"""Share of an item that the jackknife leaves out. Leaving out a whole pseudo item could remove all
disagreement, and the logarithm of 0 does not exist."""

Contribution: TypeAlias = Sequence[float]
"""What an item adds to the sums from which a coefficient is computed."""

Ratio: TypeAlias = Callable[[Sequence[float]], float | None]
"""Computes R from the sums over all items; None if R is undefined."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with its 95% interval.

    Attributes:
        value: the coefficient; None if it is undefined.
        low, high: the interval; None if there are too few items to tell.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None


NO_ESTIMATE = Estimate()


@dataclass(frozen=True, slots=True)
class WeightedItem:
    """Items with the same contribution, and how many there are; a pseudo item may be a half."""

    contribution: Contribution
    weight: float


def sum_contributions(items: Sequence[WeightedItem]) -> list[float]:
    """Return the sums over all items."""
    columns = zip(*(item.contribution for item in items), strict=True)
    weights = [item.weight for item in items]
    return [sum(map(float.__mul__, map(float, column), weights)) for column in columns]


def estimate(
    items: Sequence[WeightedItem],
    pseudo_items: Sequence[WeightedItem],
    ratio: Ratio,
    pairable: float | None = None,
    lowest: float = LOWEST,
) -> Estimate:
    """Return the coefficient 1 - R of the items, with its interval.

    Args:
        items: the items.
        pseudo_items: what is added to them for the interval.
        ratio: computes R.
        pairable: number of items with at least two answers, if not all have them.
        lowest: where the interval ends at the latest.
    """
    value = ratio(sum_contributions(items)) if items else None
    if value is None:
        return NO_ESTIMATE
    pairable = sum(item.weight for item in items) if pairable is None else pairable
    if pairable < MIN_ITEMS or not pseudo_items:
        return Estimate(1 - value)
    coefficient = 1 - value
    if value:
        low, high = _interval([*items, *pseudo_items], ratio)
    else:
        low, high = _lowest_without_disagreement(items, pseudo_items, ratio), 1.0
    if low is None or high is None:
        return Estimate(coefficient)
    return Estimate(coefficient, min(max(low, lowest), coefficient), max(high, coefficient))


UNSEEN_DISAGREEMENTS = 4.2
"""If the items disagree this often on average, there is no disagreement among them in 1.5% of
campaigns: -log 0.015."""


def _lowest_without_disagreement(
    items: Sequence[WeightedItem], pseudo_items: Sequence[WeightedItem], ratio: Ratio
) -> float | None:
    """Return the lowest coefficient that items without any disagreement allow."""
    disagreeing = [pseudo for pseudo in pseudo_items if ratio(sum_contributions([*items, pseudo]))]
    weight = sum(pseudo.weight for pseudo in disagreeing)
    agreeing = [pseudo for pseudo in pseudo_items if pseudo not in disagreeing]
    unseen = [
        WeightedItem(pseudo.contribution, pseudo.weight * UNSEEN_DISAGREEMENTS / weight)
        for pseudo in disagreeing
    ]
    highest = ratio(sum_contributions([*items, *agreeing, *unseen]))
    return None if highest is None else 1 - highest


def _interval(items: Sequence[WeightedItem], ratio: Ratio) -> tuple[float | None, float | None]:
    sums, total = sum_contributions(items), sum(item.weight for item in items)
    log_ratio = _log_of(ratio(sums))
    influences = [_influence(item, sums, total, log_ratio, ratio) for item in items]
    if not all(map(isfinite, influences)):
        return None, None
    mean = sum(i * item.weight for i, item in zip(influences, items, strict=True)) / total
    moments = [
        sum((i - mean) ** power * item.weight for i, item in zip(influences, items, strict=True))
        for power in (2, 4)
    ]
    margin = _margin(moments[0] / total, moments[1] / total, total)
    return 1 - exp(log_ratio + margin), 1 - exp(log_ratio - margin)


def _log_of(ratio: float | None) -> float:
    return log(ratio) if ratio else float("nan")


def _influence(
    item: WeightedItem, sums: Sequence[float], total: float, log_ratio: float, ratio: Ratio
) -> float:
    """Return how much log R depends on one of these items."""
    left_out = LEFT_OUT * min(item.weight, 1.0)
    rest = [value - left_out * part for value, part in zip(sums, item.contribution, strict=True)]
    return (log_ratio - _log_of(ratio(rest))) / left_out * (total - 1)


NORMAL_QUANTILE = 2.170090
"""98.5% quantile of the normal distribution. With that of 97.5%, simulated intervals cover up to
five points less than 95% if there are few items."""


MIN_DEGREES = 6
"""Degrees of freedom if very few items carry all variance."""


def student_quantile(degrees: float, z: float = NORMAL_QUANTILE) -> float:
    """Return the quantile of Student's t that belongs to a quantile `z` of the normal distribution.

    With six or more degrees of freedom, these terms are exact to two digits (Milton Abramowitz and
    Irene Stegun, *Handbook of Mathematical Functions*, 1964, 26.7.5).
    """
    return z + (z**3 + z) / (4 * degrees) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)


def _margin(variance: float, fourth_moment: float, total: float) -> float:
    if not variance:
        return 0.0
    excess = max(fourth_moment / variance**2 - 1, 2 / (total - 1))
    degrees = min(max(2 * total / excess, MIN_DEGREES), total - 1)
    return student_quantile(degrees) * sqrt(variance / (total - 1))
