"""Tests of counts that hold however often they are repeated while answers arrive.

The ratio of the likelihood of fixed alternatives to that of the null hypothesis exceeds 1 / a with
a probability of at most a, over all times together (Jean Ville, *Étude critique de la notion de
collectif*, 1939). So its inverse is a p-value at every look, and the number of looks needs no
correction (Aaditya Ramdas and Ruodu Wang, *Hypothesis Testing with E-values*, 2025).
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, lgamma, log

NEARLY_ALL = 0.98
"""Share of equal answers of an expert who does not look at the items."""

NEARLY_ALL_WEIGHT = 0.7
"""Weight of this alternative; all other shares have the rest, equally."""

EXCESSES = (0.25, 0.5, 0.75, 0.97)
"""Alternatives to a share, as shares of the way from it to 1."""


def p_of_preferred_side(first: int, second: int) -> float:
    """Return the p-value, at any time, of two sides that are equally likely.

    The exact binomial likelihood of the counts is compared with that of `NEARLY_ALL` for either
    side, and with its mean over all shares.
    """
    total = first + second
    even = total * log(0.5)
    nearly_all = [
        log(NEARLY_ALL_WEIGHT / 2) + log_likelihood(side, total, NEARLY_ALL) - even
        for side in (first, second)
    ]
    mean = lgamma(first + 1) + lgamma(second + 1) - lgamma(total + 2) - even
    return _p_value([*nearly_all, log(1 - NEARLY_ALL_WEIGHT) + mean])


def p_of_excess(successes: int, total: int, share: float) -> float:
    """Return the p-value, at any time, of a probability of at most `share`, between 0 and 1."""
    usual = log_likelihood(successes, total, share)
    return _p_value(
        log_likelihood(successes, total, share + excess * (1 - share)) - usual - log(len(EXCESSES))
        for excess in EXCESSES
    )


def log_likelihood(successes: int, total: int, share: float) -> float:
    """Return the log probability of one sequence with so many successes."""
    return successes * log(share) + (total - successes) * log(1 - share)


def _p_value(log_ratios: Iterable[float]) -> float:
    return exp(-max(log_sum(log_ratios), 0.0))


def log_sum(logs: Iterable[float]) -> float:
    """Return the logarithm of the sum of numbers, given their logarithms."""
    terms = list(logs)
    highest = max(terms)
    return highest + log(sum(exp(term - highest) for term in terms))
