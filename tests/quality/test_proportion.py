"""Exact intervals and tests of proportions, against published values and by enumeration."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.quality.proportion import exact_interval, two_sided_p


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"),
    [
        (8, 10, 0.4439, 0.9748),
        (0, 10, 0.0, 0.3085),
        (10, 10, 0.6915, 1.0),
        (45, 100, 0.3503, 0.5527),
    ],
)
def test_interval_matches_published_values(
    successes: int, total: int, low: float, high: float
) -> None:
    """R: binom.test(8, 10)$conf.int and so on."""
    assert exact_interval(successes, total) == pytest.approx((low, high), abs=0.00005)


@settings(max_examples=20)
@given(total=st.integers(1, 40), share=st.floats(0.001, 0.999))
def test_interval_covers_at_least_what_it_claims(total: int, share: float) -> None:
    intervals = [exact_interval(count, total) for count in range(total + 1)]
    covered = sum(
        comb(total, count) * share**count * (1 - share) ** (total - count)
        for count, (low, high) in enumerate(intervals)
        if low <= share <= high
    )
    assert covered >= 0.95 - 1e-9


@pytest.mark.parametrize(
    ("successes", "total", "p"),
    [(10, 12, 0.03857), (12, 12, 0.000488), (5, 10, 1.0), (0, 6, 0.03125)],
)
def test_p_value_matches_published_values(successes: int, total: int, p: float) -> None:
    """R: binom.test(10, 12)$p.value and so on."""
    assert two_sided_p(successes, total) == pytest.approx(p, rel=0.001)
