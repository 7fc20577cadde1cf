"""Daily limit and batch size, and estimates of open work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cadence.daily_limit import Limit, estimate_minutes, limit_period_start, reached_limit

MORNING = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "budget", "answered", "batch", "limit"),
    [
        (1000, None, 1000, None, None),
        (29.99, 30, 0, None, None),
        (30, 30, 0, None, Limit.TIME),
        (0, 0, 0, None, Limit.TIME),
        (0, None, 9, 10, None),
        (0, None, 10, 10, Limit.BATCH),
        (30, 30, 10, 10, Limit.TIME),
    ],
)
def test_limit_is_reached_when_used_up(
    minutes: float, budget: int | None, answered: int, batch: int | None, limit: Limit | None
) -> None:
    assert reached_limit(timedelta(minutes=minutes), budget, answered, batch) == limit


def test_limit_period_starts_with_day_or_when_expert_continues() -> None:
    assert limit_period_start(MORNING, None) == MORNING
    assert limit_period_start(MORNING, MORNING - timedelta(hours=5)) == MORNING
    assert limit_period_start(MORNING, MORNING + timedelta(hours=5)) == MORNING + timedelta(hours=5)


@pytest.mark.parametrize(
    ("waiting", "medians", "minutes"),
    [
        ({}, {}, 0),
        ({"comparison": 0}, {"comparison": 30}, 0),
        ({"comparison": 1}, {"comparison": 3}, 1),
        ({"comparison": 10}, {"comparison": 30}, 5),
        ({"comparison": 10}, {}, 10),
        ({"demonstration": 2}, {}, 20),
        ({"comparison": 10, "rating": 4}, {"comparison": 30, "rating": 45}, 8),
    ],
)
def test_estimate_uses_own_medians(
    waiting: dict[str, int], medians: dict[str, float], minutes: int
) -> None:
    assert estimate_minutes(waiting, medians) == minutes


@given(st.dictionaries(st.sampled_from("abc"), st.integers(0, 100)))
def test_open_tasks_never_take_zero_minutes(waiting: dict[str, int]) -> None:
    assert (estimate_minutes(waiting, {"a": 1}) > 0) == any(waiting.values())
