"""The shuffle of candidates: reproducible, uniform over all orders, different for each expert."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing.shuffle import candidate_order

IDS = st.integers(min_value=1, max_value=10**12)


@given(seed=st.text(max_size=40), task=IDS, expert=IDS, count=st.integers(0, 12))
def test_order_is_a_reproducible_permutation(seed: str, task: int, expert: int, count: int) -> None:
    order = candidate_order(seed, task, expert, count)
    assert sorted(order) == list(range(count))
    assert order == candidate_order(seed, task, expert, count)


KNOWN_ORDERS = [
    (("seed", 1, 1, 2), [1, 0]),
    (("seed", 1, 2, 2), [0, 1]),
    (("seed", 2, 1, 2), [0, 1]),
    (("other", 7, 3, 4), [0, 3, 1, 2]),
    (("seed", 1, 1, 1), [0]),
    (("seed", 1, 1, 0), []),
]


@pytest.mark.parametrize(("arguments", "order"), KNOWN_ORDERS)
def test_orders_stay_the_same_across_releases(
    arguments: tuple[str, int, int, int], order: list[int]
) -> None:
    assert candidate_order(*arguments) == order


def chi_square(counts: Counter[tuple[int, ...]], cells: int) -> float:
    """Return the chi-square statistic of counts against equal frequencies."""
    expected = counts.total() / cells
    unseen = cells - len(counts)
    return sum((n - expected) ** 2 / expected for n in counts.values()) + unseen * expected


CRITICAL_VALUES = {1: 10.83, 5: 20.52, 23: 49.73}
"""Chi-square values that chance exceeds once in 1,000 times, by degrees of freedom."""


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("over", ["experts", "tasks", "campaigns"])
def test_every_order_is_equally_likely(count: int, over: str) -> None:
    arguments = {
        "experts": [("seed", 1, number) for number in range(1, 2401)],
        "tasks": [("seed", number, 1) for number in range(1, 2401)],
        "campaigns": [(f"seed-{number}", 1, 1) for number in range(1, 2401)],
    }[over]
    counts = Counter(tuple(candidate_order(*key, count)) for key in arguments)
    assert set(counts) <= set(permutations(range(count)))
    assert chi_square(counts, factorial(count)) < CRITICAL_VALUES[factorial(count) - 1]


def test_orders_of_different_experts_are_independent() -> None:
    pairs = Counter(
        (*candidate_order("seed", task, 1, 2), *candidate_order("seed", task, 2, 2))
        for task in range(1, 2401)
    )
    assert len(pairs) == 4
    assert chi_square(pairs, 4) < 16.27  # once in 1,000 times, 3 degrees of freedom


def test_task_and_expert_ids_are_hashed_separately() -> None:
    orders = {
        tuple(candidate_order("seed", task, expert, 8)) for task, expert in ((1, 11), (11, 1))
    }
    assert len(orders) == 2
