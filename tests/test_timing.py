"""Time spent: from the latest moment that is known, cut where somebody was away, never negative."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.timing import PAUSE, Moments, Spent, spent

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_it_runs_from_when_the_task_came_or_was_answered_in_part() -> None:
    assert spent(Moments(NOON), _after(12)) == Spent(12, paused=False)
    tapped = Moments(NOON, answered=_after(40))
    assert spent(tapped, _after(52), before=40) == Spent(52, paused=False)
    assert spent(Moments(_after(60), answered=NOON), _after(65)) == Spent(5, paused=False)


def test_a_pause_is_cut_and_marked() -> None:
    assert spent(Moments(NOON), NOON + HOUR) == Spent(600, paused=True)
    assert spent(Moments(NOON), NOON + PAUSE) == Spent(600, paused=False)


def test_opening_a_window_is_no_new_beginning_for_who_was_there_all_along() -> None:
    assert spent(Moments(NOON, opened=_after(90)), _after(100)) == Spent(100, paused=False)


def test_whoever_opens_it_after_a_pause_begins_there() -> None:
    opened = Moments(NOON, opened=NOON + HOUR)
    assert spent(opened, NOON + HOUR + timedelta(seconds=30)) == Spent(30, paused=False)


def test_writing_may_take_longer_than_tapping() -> None:
    opened = Moments(NOON, opened=NOON + HOUR)
    assert spent(opened, NOON + 1.5 * HOUR, longest=HOUR) == Spent(1_800, paused=False)


def test_nobody_knows_when_it_began() -> None:
    assert spent(Moments(), NOON) is None


moments = st.none() | st.floats(-1e6, 1e6).map(_after)


@given(
    known=st.builds(Moments, moments, moments, moments),
    before=st.none() | st.integers(0, 10_000),
    longest=st.integers(1, 7_200),
)
def test_time_only_grows_and_by_no_more_than_the_limit(
    known: Moments, before: int | None, longest: int
) -> None:
    found = spent(known, NOON, timedelta(seconds=longest), before)
    assert (found is None) == (known == Moments())
    if found:
        assert (before or 0) <= found.seconds <= (before or 0) + longest
        assert not found.paused or found.seconds == (before or 0) + longest
