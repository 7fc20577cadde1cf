"""Pace, the end, and what would help."""

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


def ago(days: int) -> date:
    """Return a day before the Monday."""
    return MONDAY - timedelta(days=days)


def end(days: tuple[int, ...], left: int, today: date = MONDAY) -> Forecast:
    """Return the forecast where there is one."""
    found = forecast_completion(AnswerRate(days, 3), left, today)
    assert found is not None
    return found


def test_the_pace_is_that_of_the_last_working_days() -> None:
    counts = {ago(days): 10 for days in (3, 4, 5, 6, 7)}
    assert answer_rate(counts, MONDAY, 3) == AnswerRate((10, 10, 10, 10, 10), 3)


def test_what_comes_on_a_weekend_counts_to_the_friday() -> None:
    assert answer_rate({ago(3): 10, ago(2): 4, ago(1): 1}, MONDAY, 3).days == (15,)


def test_a_day_without_an_answer_counts_and_days_before_the_first_do_not() -> None:
    assert answer_rate({ago(6): 4, ago(3): 2}, MONDAY, 1).days == (4, 0, 0, 2)


def test_today_counts_only_while_there_is_no_full_day() -> None:
    assert answer_rate({MONDAY: 7}, MONDAY, 1).days == (7,)
    assert answer_rate({MONDAY: 1, ago(3): 7}, MONDAY, 1).days == (7,)
    assert answer_rate({}, MONDAY, 0) == AnswerRate((), 0)
    assert AnswerRate((), 0).per_day == 0


def test_a_pace_of_long_ago_is_none_now() -> None:
    days = answer_rate({ago(40): 100}, MONDAY, 1).days
    assert len(days) == WINDOW_DAYS
    assert not any(days)
    assert forecast_completion(AnswerRate(days, 1), 50, MONDAY) is None


def test_a_steady_pace_ends_when_a_child_would_say() -> None:
    found = end((10,) * 10, 50)
    assert found.likely == MONDAY + timedelta(days=7), "five working days from Monday"
    assert found.early <= found.likely <= found.late
    assert found.late - found.early <= timedelta(days=5)


def test_one_day_says_less_than_ten() -> None:
    one, ten = end((10,), 100), end((10,) * 10, 100)
    assert one.late - one.early > 1.5 * (ten.late - ten.early)


def test_days_that_differ_say_less_than_steady_ones() -> None:
    steady, wild = end((10,) * 8, 100), end((0, 40, 0, 0, 40, 0, 0, 0), 100)
    assert wild.late - wild.early > 2 * (steady.late - steady.early)


def test_nothing_left_no_answers_or_years_to_go_have_no_date() -> None:
    assert forecast_completion(AnswerRate((10,), 1), 0, MONDAY) is None
    assert forecast_completion(AnswerRate((0, 0), 1), 5, MONDAY) is None
    assert forecast_completion(AnswerRate((1, 0, 0, 0, 0), 1), 10_000, MONDAY) is None


@QUICK
@given(days=DAYS, left=st.integers(1, 300), more=st.integers(1, 300))
def test_more_to_do_never_ends_sooner_and_always_on_a_working_day(
    days: list[int], left: int, more: int
) -> None:
    now, later = (
        forecast_completion(AnswerRate(tuple(days), 1), n, MONDAY) for n in (left, left + more)
    )
    if now and later:
        assert now.likely <= later.likely
        assert MONDAY <= now.early <= now.likely <= now.late
        assert all(day.isoweekday() <= 5 for day in (now.early, now.likely, now.late))


@QUICK
@given(days=DAYS, left=st.integers(1, 300))
def test_the_same_days_give_the_same_forecast(days: list[int], left: int) -> None:
    one, other = (forecast_completion(AnswerRate(tuple(days), 1), left, MONDAY) for _ in range(2))
    assert one == other


def test_the_interval_holds_the_end_about_as_often_as_it_says() -> None:
    chance = Random(3)  # noqa: S311 - a die that falls the same each time

    def day() -> int:
        return sum(chance.random() < 0.1 for _ in range(80))

    held, tries = 0, 60
    for _ in range(tries):
        found = end(tuple(day() for _ in range(6)), 64)
        left, over = 64, 0
        while left > 0:
            left, over = left - day(), over + 1
        held += found.early <= add_working_days(MONDAY, over) <= found.late
    assert 0.68 * tries <= held, "8 of 10, and 60 tries"


@pytest.mark.parametrize(
    ("today", "days", "then"),
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
def test_working_days_are_counted_over_weekends(today: date, days: float, then: date) -> None:
    assert add_working_days(today, days) == then


def test_more_experts_and_less_overlap_help() -> None:
    steady = AnswerRate((12,) * 10, 4)
    found = find_speedups(steady, 240, 120, MONDAY)
    assert {(one.extra_experts, one.overlap_reduction) for one in found} == {(4, 0), (1, 0), (0, 1)}
    assert [one.likely for one in found] == sorted(one.likely for one in found)
    one, four = (next(h for h in found if h.extra_experts == n) for n in (1, 4))
    assert 0 < one.days_sooner < four.days_sooner
    assert forecast_completion(steady, 240, MONDAY) == end((12,) * 10, 240)


def test_what_does_not_help_is_not_offered() -> None:
    assert find_speedups(AnswerRate((10,), 2), 3, 3, MONDAY) == []
    assert find_speedups(AnswerRate((), 0), 300, 200, MONDAY) == []
    assert all(
        not h.overlap_reduction for h in find_speedups(AnswerRate((10,) * 5, 2), 100, 100, MONDAY)
    )
