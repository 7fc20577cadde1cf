"""Time spent: from the latest moment that is known, cut where somebody was away, never negative."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.active_time import DEFAULT_MAX_ACTIVE, ActiveTime, TaskTimestamps, measure_active_time

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_it_runs_from_when_the_task_came_or_was_answered_in_part() -> None:
    assert measure_active_time(TaskTimestamps(NOON), _after(12)) == ActiveTime(12, has_pause=False)
    tapped = TaskTimestamps(NOON, answered_at=_after(40))
    assert measure_active_time(tapped, _after(52), previous_seconds=40) == ActiveTime(
        52, has_pause=False
    )
    assert measure_active_time(
        TaskTimestamps(_after(60), answered_at=NOON), _after(65)
    ) == ActiveTime(5, has_pause=False)


def test_a_pause_is_cut_and_marked() -> None:
    assert measure_active_time(TaskTimestamps(NOON), NOON + HOUR) == ActiveTime(600, has_pause=True)
    assert measure_active_time(TaskTimestamps(NOON), NOON + DEFAULT_MAX_ACTIVE) == ActiveTime(
        600, has_pause=False
    )


def test_opening_a_window_is_no_new_beginning_for_who_was_there_all_along() -> None:
    assert measure_active_time(
        TaskTimestamps(NOON, opened_at=_after(90)), _after(100)
    ) == ActiveTime(100, has_pause=False)


def test_whoever_opens_it_after_a_pause_begins_there() -> None:
    opened = TaskTimestamps(NOON, opened_at=NOON + HOUR)
    assert measure_active_time(opened, NOON + HOUR + timedelta(seconds=30)) == ActiveTime(
        30, has_pause=False
    )


def test_writing_may_take_longer_than_tapping() -> None:
    opened = TaskTimestamps(NOON, opened_at=NOON + HOUR)
    assert measure_active_time(opened, NOON + 1.5 * HOUR, max_active=HOUR) == ActiveTime(
        1_800, has_pause=False
    )


def test_nobody_knows_when_it_began() -> None:
    assert measure_active_time(TaskTimestamps(), NOON) is None


moments = st.none() | st.floats(-1e6, 1e6).map(_after)


@given(
    known=st.builds(TaskTimestamps, moments, moments, moments),
    before=st.none() | st.integers(0, 10_000),
    longest=st.integers(1, 7_200),
)
def test_time_only_grows_and_by_no_more_than_the_limit(
    known: TaskTimestamps, before: int | None, longest: int
) -> None:
    found = measure_active_time(known, NOON, timedelta(seconds=longest), before)
    assert (found is None) == (known == TaskTimestamps())
    if found:
        assert (before or 0) <= found.seconds <= (before or 0) + longest
        assert not found.has_pause or found.seconds == (before or 0) + longest
