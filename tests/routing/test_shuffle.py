"""The shuffle: the same for ever, fair over all orders, and another for everybody."""

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
def test_an_order_is_a_permutation_and_always_the_same(
    seed: str, task: int, expert: int, count: int
) -> None:
    order = candidate_order(seed, task, expert, count)
    assert sorted(order) == list(range(count))
    assert order == candidate_order(seed, task, expert, count)


KNOWN = [
    (("seed", 1, 1, 2), [1, 0]),
    (("seed", 1, 2, 2), [0, 1]),
    (("seed", 2, 1, 2), [0, 1]),
    (("other", 7, 3, 4), [0, 3, 1, 2]),
    (("seed", 1, 1, 1), [0]),
    (("seed", 1, 1, 0), []),
]


@pytest.mark.parametrize(("asked", "order"), KNOWN)
def test_a_release_never_changes_orders_that_were_shown(
    asked: tuple[str, int, int, int], order: list[int]
) -> None:
    assert candidate_order(*asked) == order


def chi_square(counts: Counter[tuple[int, ...]], cells: int) -> float:
    """Return how far counts are from being equal."""
    expected = counts.total() / cells
    unseen = cells - len(counts)
    return sum((n - expected) ** 2 / expected for n in counts.values()) + unseen * expected


# The chi-square value that chance alone passes once in 1,000 times, by degrees of freedom.
RARE = {1: 10.83, 5: 20.52, 23: 49.73}


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("over", ["experts", "tasks", "campaigns"])
def test_every_order_is_as_likely_as_any_other(count: int, over: str) -> None:
    asked = {
        "experts": [("seed", 1, number) for number in range(1, 2401)],
        "tasks": [("seed", number, 1) for number in range(1, 2401)],
        "campaigns": [(f"seed-{number}", 1, 1) for number in range(1, 2401)],
    }[over]
    counts = Counter(tuple(candidate_order(*one, count)) for one in asked)
    assert set(counts) <= set(permutations(range(count)))
    assert chi_square(counts, factorial(count)) < RARE[factorial(count) - 1]


def test_orders_of_neighbours_are_independent() -> None:
    pairs = Counter(
        (*candidate_order("seed", task, 1, 2), *candidate_order("seed", task, 2, 2))
        for task in range(1, 2401)
    )
    assert len(pairs) == 4
    assert chi_square(pairs, 4) < 16.27  # once in 1,000 times, 3 degrees of freedom


def test_task_and_expert_are_not_run_together() -> None:
    orders = {
        tuple(candidate_order("seed", task, expert, 8)) for task, expert in ((1, 11), (11, 1))
    }
    assert len(orders) == 2
