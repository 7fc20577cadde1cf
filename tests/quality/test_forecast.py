"""Answer rate, forecast, and what would speed up a campaign."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.quality.forecast import (
    WINDOW_DAYS,
    AnswerRate,
    Forecast,
    add_working_days,
    answer_rate,
    find_speedups,
    forecast_completion,
)

MONDAY = date(2026, 11, 23)
FRIDAY = MONDAY + timedelta(days=4)

QUICK = settings(max_examples=30)
DAYS = st.lists(st.integers(0, 60), min_size=1, max_size=WINDOW_DAYS).filter(any)


def days_ago(days: int) -> date:
    """Return the date some days before the Monday."""
    return MONDAY - timedelta(days=days)


def forecast_end(days: tuple[int, ...], remaining: int, today: date = MONDAY) -> Forecast:
    """Return the forecast, which must exist."""
    found = forecast_completion(AnswerRate(days, 3), remaining, today)
    assert found is not None
    return found


def test_rate_counts_the_last_working_days() -> None:
    counts = {days_ago(days): 10 for days in (3, 4, 5, 6, 7)}
    assert answer_rate(counts, MONDAY, 3) == AnswerRate((10, 10, 10, 10, 10), 3)


def test_weekend_answers_count_for_friday() -> None:
    assert answer_rate(
        {days_ago(3): 10, days_ago(2): 4, days_ago(1): 1}, MONDAY, 3
    ).daily_answers == (15,)


def test_days_without_answers_count_after_the_first_answer() -> None:
    assert answer_rate({days_ago(6): 4, days_ago(3): 2}, MONDAY, 1).daily_answers == (4, 0, 0, 2)


def test_today_counts_only_without_a_full_day() -> None:
    assert answer_rate({MONDAY: 7}, MONDAY, 1).daily_answers == (7,)
    assert answer_rate({MONDAY: 1, days_ago(3): 7}, MONDAY, 1).daily_answers == (7,)
    assert answer_rate({}, MONDAY, 0) == AnswerRate((), 0)
    assert AnswerRate((), 0).per_day == 0


def test_answers_from_long_ago_give_no_forecast() -> None:
    days = answer_rate({days_ago(40): 100}, MONDAY, 1).daily_answers
    assert len(days) == WINDOW_DAYS
    assert not any(days)
    assert forecast_completion(AnswerRate(days, 1), 50, MONDAY) is None


def test_steady_rate_gives_the_obvious_date() -> None:
    found = forecast_end((10,) * 10, 50)
    assert found.likely == MONDAY + timedelta(days=7), "five working days from Monday"
    assert found.early <= found.likely <= found.late
    assert found.late - found.early <= timedelta(days=5)


def test_one_day_gives_a_wider_interval_than_ten() -> None:
    one, ten = forecast_end((10,), 100), forecast_end((10,) * 10, 100)
    assert one.late - one.early > 1.5 * (ten.late - ten.early)


def test_varying_days_give_a_wider_interval() -> None:
    steady, wild = forecast_end((10,) * 8, 100), forecast_end((0, 40, 0, 0, 40, 0, 0, 0), 100)
    assert wild.late - wild.early > 2 * (steady.late - steady.early)


def test_unknown_or_distant_end_has_no_date() -> None:
    assert forecast_completion(AnswerRate((10,), 1), 0, MONDAY) is None
    assert forecast_completion(AnswerRate((0, 0), 1), 5, MONDAY) is None
    assert forecast_completion(AnswerRate((1, 0, 0, 0, 0), 1), 10_000, MONDAY) is None


@QUICK
@given(days=DAYS, remaining=st.integers(1, 300), more=st.integers(1, 300))
def test_more_work_never_ends_sooner(days: list[int], remaining: int, more: int) -> None:
    now, later = (
        forecast_completion(AnswerRate(tuple(days), 1), n, MONDAY)
        for n in (remaining, remaining + more)
    )
    if now and later:
        assert now.likely <= later.likely
        assert MONDAY <= now.early <= now.likely <= now.late
        assert all(day.isoweekday() <= 5 for day in (now.early, now.likely, now.late))


@QUICK
@given(days=DAYS, remaining=st.integers(1, 300))
def test_forecast_is_reproducible(days: list[int], remaining: int) -> None:
    first, second = (
        forecast_completion(AnswerRate(tuple(days), 1), remaining, MONDAY) for _ in range(2)
    )
    assert first == second


def test_interval_coverage_is_as_claimed() -> None:
    rng = Random(3)  # noqa: S311 - seeded, not for cryptography

    def simulate_day() -> int:
        return sum(rng.random() < 0.1 for _ in range(80))

    covered, trials = 0, 60
    for _ in range(trials):
        found = forecast_end(tuple(simulate_day() for _ in range(6)), 64)
        remaining, days_needed = 64, 0
        while remaining > 0:
            remaining, days_needed = remaining - simulate_day(), days_needed + 1
        covered += found.early <= add_working_days(MONDAY, days_needed) <= found.late
    assert 0.68 * trials <= covered, "8 of 10, in 60 trials"


@pytest.mark.parametrize(
    ("today", "days", "expected"),
    [
        (MONDAY, 0, MONDAY),
        (MONDAY, 0.4, MONDAY),
        (MONDAY, 1, MONDAY + timedelta(days=1)),
        (MONDAY, 5, MONDAY + timedelta(days=7)),
        (FRIDAY, 1, FRIDAY + timedelta(days=3)),
        (FRIDAY + timedelta(days=1), 0, FRIDAY + timedelta(days=3)),
        (FRIDAY + timedelta(days=2), 1, FRIDAY + timedelta(days=4)),
    ],
)
def test_working_days_skip_weekends(today: date, days: float, expected: date) -> None:
    assert add_working_days(today, days) == expected


def test_more_experts_and_less_overlap_speed_up() -> None:
    steady = AnswerRate((12,) * 10, 4)
    speedups = find_speedups(steady, 240, 120, MONDAY)
    assert {(s.extra_experts, s.overlap_reduction) for s in speedups} == {(4, 0), (1, 0), (0, 1)}
    assert [s.likely for s in speedups] == sorted(s.likely for s in speedups)
    one, four = (next(s for s in speedups if s.extra_experts == n) for n in (1, 4))
    assert 0 < one.days_sooner < four.days_sooner
    assert forecast_completion(steady, 240, MONDAY) == forecast_end((12,) * 10, 240)


def test_ineffective_changes_are_not_suggested() -> None:
    assert find_speedups(AnswerRate((10,), 2), 3, 3, MONDAY) == []
    assert find_speedups(AnswerRate((), 0), 300, 200, MONDAY) == []
    assert all(
        not s.overlap_reduction for s in find_speedups(AnswerRate((10,) * 5, 2), 100, 100, MONDAY)
    )
