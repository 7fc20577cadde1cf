"""Who is found within how many answers, and which careful experts are reported, in 200 pools."""

from __future__ import annotations

from itertools import product

import pytest

from tests.quality.reliability.simulated_pools import (
    Behavior,
    Design,
    PoolDesign,
    answers_until_found,
    careful_experts_reported,
)
from tests.statistics.coverage_table import ROW_PROPERTY, RecordProperty

POOLS = 200
CAREFUL_ANSWERS = 60
"""Answers of each careful expert; the detectors look after every one."""

FIRST_SEED = 7_000_000
"""The limits of the checks were chosen with other seeds."""

SEEDS = range(FIRST_SEED, FIRST_SEED + POOLS)

MIN_FOUND = 0.95
MAX_REPORTED = 0.02
SIZES = (12, 20, 40, 60)
BEHAVIORS: tuple[Behavior, ...] = ("always the first", "reversed", "by chance")
DESIGNS: tuple[Design, ...] = ("comparison", "rating")

SUSPECTS = [
    PoolDesign(behavior, agreement, design)
    for behavior, agreement, design in product(BEHAVIORS, (0.9, 0.75), DESIGNS)
]
CAREFUL = [
    PoolDesign("careful", 0.75),
    PoolDesign("careful", 0.9),
    PoolDesign("careful", 0.9, spread=0.02),
    PoolDesign("careful", 0.75, "rating"),
    PoolDesign("careful", 0.9, "rating"),
    PoolDesign("by chance", 0.75),
    PoolDesign("reversed", 0.9),
    PoolDesign("careful", 0.75, spread=0.02),
]


def found_within(pool: PoolDesign) -> dict[int, float]:
    """Return the share of pools whose suspect is found, by number of answers."""
    found = [answers_until_found(pool, seed, max(SIZES)) for seed in SEEDS]
    return {
        size: sum(number is not None and number <= size for number in found) / POOLS
        for size in SIZES
    }


def count_reported(pool: PoolDesign) -> tuple[int, int]:
    """Return how many careful experts are ever reported, and of how many."""
    counts = [careful_experts_reported(pool, seed, CAREFUL_ANSWERS) for seed in SEEDS]
    return sum(reported for reported, _ in counts), sum(total for _, total in counts)


@pytest.mark.parametrize("pool", SUSPECTS, ids=str)
def check_suspect_is_found(pool: PoolDesign, record_property: RecordProperty) -> None:
    found = found_within(pool)
    record_property(ROW_PROPERTY, (*_names_of(pool), *(f"{one:.1%}" for one in found.values())))
    is_hard = pool.behavior == "by chance" and pool.agreement < 0.8
    assert found[60 if is_hard else 20] >= MIN_FOUND


@pytest.mark.parametrize("pool", CAREFUL, ids=str)
def check_careful_experts_are_rarely_reported(
    pool: PoolDesign, record_property: RecordProperty
) -> None:
    reported, total = count_reported(pool)
    share = f"{reported / total:.1%}"
    record_property(ROW_PROPERTY, (*_names_of(pool), str(total), str(reported), share))
    assert reported < MAX_REPORTED * total


def _names_of(pool: PoolDesign) -> tuple[str, ...]:
    spread = f", standard deviation {pool.spread:g}" if pool.spread else ""
    return pool.behavior, f"{pool.design}{spread}", f"{pool.agreement:.0%}"
