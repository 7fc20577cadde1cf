"""Every printed interval contains the true value in at least 92% of 500 simulated campaigns.

The true value is that of a very large campaign. Sizes start with the smallest that has an interval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from itertools import product
from typing import TypeAlias

import numpy as np
import pytest

from bot.quality.agreement.agreement import agreement_of, alpha_of
from bot.quality.agreement.cohen import ItemCells, Weighting, cohen_kappa
from bot.quality.agreement.interval import MIN_ITEMS, Estimate
from bot.quality.agreement.kendall import RankingTally
from bot.quality.agreement.tally import Profile, Tally
from bot.quality.votes import MeasurementLevel, VoteValue
from tests.statistics.coverage_table import RecordProperty, record_coverage
from tests.statistics.simulation import Pool, Random

RUNS = 500
MIN_COVERAGE = 0.92
MIN_PRINTED = RUNS // 10
"""Intervals that are printed more rarely say too little about coverage."""

LARGE = 40_000
CACHED_CAMPAIGNS = 4096
"""Simulated campaigns whose figures are kept: with few items or values, many are the same."""

WEIGHTINGS: tuple[Weighting, ...] = ("none", "linear", "quadratic")
LEVELS: tuple[MeasurementLevel, ...] = ("nominal", "interval", "ratio")
SIZES = (MIN_ITEMS, 30, 60, 150)

EVEN, SKEWED, RARE = (0.5, 0.5), (0.8, 0.2), (0.95, 0.05)
FOUR, MOSTLY_ONE = (0.25,) * 4, (0.9, 0.05, 0.03, 0.02)
POINTS, LOW_POINTS = (0.2,) * 5, (0.6, 0.2, 0.1, 0.05, 0.05)
SCALES = (POINTS, LOW_POINTS, (0.85, 0.08, 0.04, 0.02, 0.01))
PAIRS, CHOSEN_FIRST, TIES = (0.5, 0.5), (0.9, 0.1), (0.4, 0.4, 0.15, 0.05)

Estimates: TypeAlias = Mapping[str, Estimate]

POOLS = [
    *(
        Pool("nominal", *case)
        for case in product(
            (2, 3, 5), (EVEN, SKEWED, RARE, FOUR, MOSTLY_ONE), (0.05, 0.2, 0.4, 0.7, 1)
        )
    ),
    *(Pool("ordinal", *case) for case in product((2, 3, 5), SCALES, (0.5, 1, 2))),
    *(
        Pool("sided", *case)
        for case in product((2, 3, 5), (PAIRS, CHOSEN_FIRST, TIES), (0.05, 0.3, 0.7))
    ),
    *(Pool("ranking", experts, (), noise) for experts, noise in product((2, 3), (0.3, 1, 3))),
]
CASES = pytest.mark.parametrize(("pool", "items"), list(product(POOLS, SIZES)), ids=str)


def coefficients(pool: Pool, rng: Random, items: int) -> Estimates:
    """Return the coefficients of one simulated campaign."""
    tally = pool.tally(rng, items)
    return _coefficients_of(
        tally.level, tally.is_sided, tally.categories, frozenset(tally.profiles.items())
    )


@lru_cache(maxsize=CACHED_CAMPAIGNS)
def _coefficients_of(
    level: MeasurementLevel,
    is_sided: bool,  # noqa: FBT001 - the parts of a tally, in order
    categories: tuple[VoteValue, ...],
    profiles: frozenset[tuple[Profile, int]],
) -> Estimates:
    tally = Tally(level, is_sided, categories, Counter(dict(profiles)))
    agreement = agreement_of(tally)
    found = {name: getattr(agreement, name) for name in ("percent", "alpha", "kappa", "gwet")}
    if level == "ordinal":
        found |= {f"alpha_{other}": alpha_of(replace(tally, level=other)) for other in LEVELS}
    return found


def pairwise_kappas(pool: Pool, rng: Random, items: int) -> Estimates:
    """Return the kappas of the first two experts."""
    values = pool.points(rng, items) if pool.design == "ordinal" else pool.categories(rng, items)
    counts: Counter[tuple[VoteValue, VoteValue]] = Counter(
        (int(row[0]), int(row[1])) for row in values.tolist()
    )
    points = tuple(range(1, len(pool.prevalence) + 1)) if pool.design == "ordinal" else ()
    return _kappas_of(frozenset(counts.items()), points)


@lru_cache(maxsize=CACHED_CAMPAIGNS)
def _kappas_of(
    cells: frozenset[tuple[tuple[VoteValue, VoteValue], int]], points: tuple[int, ...]
) -> Estimates:
    counts: dict[ItemCells, int] = {(cell,): count for cell, count in cells}
    if not points:
        return {"cohen none": cohen_kappa(counts)}
    return {
        f"cohen {weighting}": cohen_kappa(counts, weighting, categories=points)
        for weighting in WEIGHTINGS
    }


def rank_correlation(pool: Pool, rng: Random, items: int) -> Estimates:
    """Return the mean tau-b of one simulated campaign."""
    tally = RankingTally()
    for item in pool.ranks(rng, items).tolist():
        tally.add(item)
    return {"tau_b": tally.agreement().tau_b}


Simulation: TypeAlias = Callable[[Pool, Random, int], Estimates]


@cache
def truth_of(simulation: Simulation, pool: Pool) -> Estimates:
    """Return the coefficients of a very large campaign."""
    return simulation(pool, np.random.default_rng(5), LARGE)


def coverage_of(simulation: Simulation, pool: Pool, items: int) -> dict[str, float]:
    """Return the share of simulated campaigns in which each interval contains the true value."""
    truth = truth_of(simulation, pool)
    rng = np.random.default_rng(items)
    printed: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    for _ in range(RUNS):
        for name, estimate in simulation(pool, rng, items).items():
            true_value = truth[name].value
            if estimate.low is not None and estimate.high is not None and true_value is not None:
                printed[name] += 1
                covered[name] += estimate.low <= true_value <= estimate.high
    return {name: covered[name] / count for name, count in printed.items() if count >= MIN_PRINTED}


def expect_coverage(
    simulation: Simulation, pool: Pool, items: int, record_property: RecordProperty
) -> None:
    """Record the coverage of each interval, and fail if one covers too little."""
    shares = coverage_of(simulation, pool, items)
    record_coverage(record_property, items, shares)
    assert {name: share for name, share in shares.items() if share < MIN_COVERAGE} == {}


@CASES
def check_agreement(pool: Pool, items: int, record_property: RecordProperty) -> None:
    expect_coverage(coefficients, pool, items, record_property)


@pytest.mark.parametrize("items", SIZES)
@pytest.mark.parametrize(
    "pool",
    [pool for pool in POOLS if pool.experts == 2 and pool.design in ("nominal", "ordinal")],
    ids=str,
)
def check_kappa_of_two_experts(pool: Pool, items: int, record_property: RecordProperty) -> None:
    expect_coverage(pairwise_kappas, pool, items, record_property)


@pytest.mark.parametrize("items", SIZES)
@pytest.mark.parametrize("pool", [pool for pool in POOLS if pool.design == "ranking"], ids=str)
def check_rank_correlation(pool: Pool, items: int, record_property: RecordProperty) -> None:
    expect_coverage(rank_correlation, pool, items, record_property)
