"""Two-sided tests of whether two samples come from the same distribution."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    excess, variance = _rank_sum(sample, other)
    return _normal_p(abs(excess) - 0.5, variance)


def stratified_rank_sum_p(
    strata: Iterable[tuple[Mapping[float, int], Mapping[float, int]]],
) -> float:
    """Return the p-value of the rank-sum test within strata, such as experts.

    Differences between strata do not count (Philip van Elteren, *On the Combination of Independent
    Two-Sample Tests of Wilcoxon*, 1960). For values of 0 and 1 it is a test of shares.

    Args:
        strata: the two samples of each stratum, as for `rank_sum_p`.
    """
    excess = variance = 0.0
    for sample, other in strata:
        weight = 1 / (sum(sample.values()) + sum(other.values()) + 1)
        own_excess, own_variance = _rank_sum(sample, other)
        excess += weight * own_excess
        variance += weight**2 * own_variance
    return _normal_p(abs(excess), variance)


def _rank_sum(sample: Mapping[float, int], other: Mapping[float, int]) -> tuple[float, float]:
    """Return by how much the ranks of a sample exceed their expected sum, and its variance."""
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
    return rank_sum - size * (total + 1) / 2, variance


def _normal_p(distance: float, variance: float) -> float:
    if variance <= 0:  # all values are equal
        return 1.0
    return erfc(max(distance, 0.0) / sqrt(2 * variance))


def _log_ways(total: int, count: int) -> float:
    return lgamma(total + 1) - lgamma(count + 1) - lgamma(total - count + 1)
