"""Two-sided tests of whether two samples come from the same distribution."""

from __future__ import annotations

from collections.abc import Mapping
from math import erfc, exp, fsum, lgamma, sqrt

ROUNDING = 1e-7
"""Relative difference below which two probabilities count as equal."""


def fisher_p(successes: int, total: int, other_successes: int, other_total: int) -> float:
    """Return the p-value of Fisher's exact test of two shares.

    It is at most as often below a level as the level says, at every size (Ronald Fisher, *The Logic
    of Inductive Inference*, 1935).
    """
    all_successes = successes + other_successes
    first = max(0, all_successes - other_total)
    last = min(total, all_successes)
    logs = {
        count: _log_ways(total, count) + _log_ways(other_total, all_successes - count)
        for count in range(first, last + 1)
    }
    every = _log_ways(total + other_total, all_successes)
    probabilities = {count: exp(ways - every) for count, ways in logs.items()}
    observed = probabilities[successes] * (1 + ROUNDING)
    return min(1.0, fsum(p for p in probabilities.values() if p <= observed))


def rank_sum_p(sample: Mapping[float, int], other: Mapping[float, int]) -> float:
    """Return the p-value of the rank-sum test, with corrections for ties and for continuity.

    Henry Mann and Donald Whitney, *On a Test of Whether One of Two Random Variables is
    Stochastically Larger than the Other* (1947). The normal approximation needs about ten values in
    each sample.

    Args:
        sample: how often each value occurs in the first sample; not empty.
        other: the same for the second sample.
    """
    size, other_size = sum(sample.values()), sum(other.values())
    total = size + other_size
    rank_sum = ties = 0.0
    before = 0
    for value in sorted({*sample, *other}):
        count = sample.get(value, 0) + other.get(value, 0)
        rank_sum += sample.get(value, 0) * (before + (count + 1) / 2)
        ties += count**3 - count
        before += count
    variance = size * other_size / 12 * (total + 1 - ties / (total * (total - 1)))
    if variance <= 0:  # all values are equal
        return 1.0
    distance = abs(rank_sum - size * (total + 1) / 2) - 0.5
    return erfc(max(distance, 0.0) / sqrt(2 * variance))


def _log_ways(total: int, count: int) -> float:
    return lgamma(total + 1) - lgamma(count + 1) - lgamma(total - count + 1)
