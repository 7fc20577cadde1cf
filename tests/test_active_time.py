"""Active time: measured from the latest known timestamp, cut at pauses, never negative."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.active_time import DEFAULT_MAX_ACTIVE, ActiveTime, TaskTimestamps, measure_active_time

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_active_time_starts_at_delivery_or_last_partial_answer() -> None:
    assert measure_active_time(TaskTimestamps(NOON), _after(12)) == ActiveTime(12, has_pause=False)
    partly_answered = TaskTimestamps(NOON, answered_at=_after(40))
    assert measure_active_time(partly_answered, _after(52), previous_seconds=40) == ActiveTime(
        52, has_pause=False
    )
    assert measure_active_time(
        TaskTimestamps(_after(60), answered_at=NOON), _after(65)
    ) == ActiveTime(5, has_pause=False)


def test_pause_is_cut_and_marked() -> None:
    assert measure_active_time(TaskTimestamps(NOON), NOON + HOUR) == ActiveTime(600, has_pause=True)
    assert measure_active_time(TaskTimestamps(NOON), NOON + DEFAULT_MAX_ACTIVE) == ActiveTime(
        600, has_pause=False
    )


def test_opening_without_a_pause_does_not_restart_active_time() -> None:
    assert measure_active_time(
        TaskTimestamps(NOON, opened_at=_after(90)), _after(100)
    ) == ActiveTime(100, has_pause=False)


def test_opening_after_a_pause_restarts_active_time() -> None:
    opened = TaskTimestamps(NOON, opened_at=NOON + HOUR)
    assert measure_active_time(opened, NOON + HOUR + timedelta(seconds=30)) == ActiveTime(
        30, has_pause=False
    )


def test_writing_may_have_a_longer_maximum() -> None:
    opened = TaskTimestamps(NOON, opened_at=NOON + HOUR)
    assert measure_active_time(opened, NOON + 1.5 * HOUR, max_active=HOUR) == ActiveTime(
        1_800, has_pause=False
    )


def test_unknown_start_gives_none() -> None:
    assert measure_active_time(TaskTimestamps(), NOON) is None


moments = st.none() | st.floats(-1e6, 1e6).map(_after)


@given(
    timestamps=st.builds(TaskTimestamps, moments, moments, moments),
    previous=st.none() | st.integers(0, 10_000),
    max_seconds=st.integers(1, 7_200),
)
def test_active_time_grows_by_at_most_the_maximum(
    timestamps: TaskTimestamps, previous: int | None, max_seconds: int
) -> None:
    active = measure_active_time(timestamps, NOON, timedelta(seconds=max_seconds), previous)
    assert (active is None) == (timestamps == TaskTimestamps())
    if active:
        assert (previous or 0) <= active.seconds <= (previous or 0) + max_seconds
        assert not active.has_pause or active.seconds == (previous or 0) + max_seconds
