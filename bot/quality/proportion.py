"""Exact intervals and tests of proportions."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, fsum, lgamma, log

TAIL = 0.025
"""Probability outside each end of a 95% interval."""

HALVINGS = 50
"""Steps of the search for a bound; each halves the error."""

ROUNDING = 1e-7
"""Relative difference below which two probabilities count as equal."""


def exact_interval(successes: int, total: int) -> tuple[float, float]:
    """Return the 95% interval of a proportion by Clopper and Pearson.

    It covers at least 95% at every size and proportion, which the interval of Wilson does not
    (Charles Clopper and Egon Pearson, *The Use of Confidence or Fiducial Limits*, 1934).
    """
    low = _first_share(lambda p: upper_tail(successes, total, p) >= TAIL) if successes else 0.0
    high = (
        _first_share(lambda p: lower_tail(successes, total, p) <= TAIL)
        if successes < total
        else 1.0
    )
    return low, high


def two_sided_p(successes: int, total: int, share: float = 0.5) -> float:
    """Return the p-value of the exact binomial test: how likely such a count or a rarer one is."""
    probabilities = [_probability(count, total, share) for count in range(total + 1)]
    observed = probabilities[successes] * (1 + ROUNDING)
    return min(1.0, fsum(p for p in probabilities if p <= observed))


def upper_tail(successes: int, total: int, share: float) -> float:
    """Return the probability of at least so many successes."""
    return fsum(_probability(count, total, share) for count in range(successes, total + 1))


def lower_tail(successes: int, total: int, share: float) -> float:
    """Return the probability of at most so many successes."""
    return fsum(_probability(count, total, share) for count in range(successes + 1))


def _probability(count: int, total: int, share: float) -> float:
    if share in (0.0, 1.0):
        return float(count == total * share)
    ways = lgamma(total + 1) - lgamma(count + 1) - lgamma(total - count + 1)
    return exp(ways + count * log(share) + (total - count) * log(1 - share))


def _first_share(is_reached: Callable[[float], bool]) -> float:
    """Return the smallest proportion that fulfils a condition, which stays fulfilled above it."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_reached(middle) else (middle, high)
    return high
