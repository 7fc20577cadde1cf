"""Who is found within how many answers, and which careful experts are reported, in 200 pools.

`python -m tests.statistics.check_reliability` prints the table of docs/label-quality.md.
"""

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

POOLS = 200
CAREFUL_ANSWERS = 60
"""Answers of each careful expert; the detectors look after every one."""

FIRST_SEED = 1_000_000
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
]

PUBLISHED = [*CAREFUL, PoolDesign("careful", 0.75, spread=0.02)]
"""The last is too near the limit for a check: 2% of few experts vary."""


def found_within(pool: PoolDesign) -> dict[int, float]:
    """Return the share of pools whose suspect is found, by number of answers."""
    found = [answers_until_found(pool, seed, max(SIZES)) for seed in SEEDS]
    return {
        size: sum(number is not None and number <= size for number in found) / POOLS
        for size in SIZES
    }


def share_reported(pool: PoolDesign) -> float:
    """Return the share of careful experts who are ever reported."""
    counts = [careful_experts_reported(pool, seed, CAREFUL_ANSWERS) for seed in SEEDS]
    return sum(reported for reported, _ in counts) / sum(total for _, total in counts)


@pytest.mark.parametrize("pool", SUSPECTS, ids=str)
def check_suspect_is_found(pool: PoolDesign) -> None:
    is_hard = pool.behavior == "by chance" and pool.agreement < 0.8
    assert found_within(pool)[60 if is_hard else 20] >= MIN_FOUND


@pytest.mark.parametrize("pool", CAREFUL, ids=str)
def check_careful_experts_are_rarely_reported(pool: PoolDesign) -> None:
    assert share_reported(pool) < MAX_REPORTED


def print_table() -> None:
    """Print both tables as Markdown."""
    for pool in SUSPECTS:
        shares = [f"{share:.1%}" for share in found_within(pool).values()]
        named = (pool.behavior, pool.design, f"{pool.agreement:.0%}", *shares)
        print("|", " | ".join(named), "|", flush=True)  # noqa: T201 - a table for the docs
    for pool in PUBLISHED:
        cells = (pool.behavior, pool.design, f"{pool.agreement:.0%}", f"{pool.spread:g}")
        print("|", " | ".join((*cells, f"{share_reported(pool):.1%}")), "|", flush=True)  # noqa: T201 - a table for the docs


if __name__ == "__main__":
    print_table()
