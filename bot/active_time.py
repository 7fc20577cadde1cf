"""Active time on a task, measured from timestamps: likely work counts, pauses do not.

The only known times are when the task arrived, when the expert opened a dialog, and when they
acted. An interval between two of them counts up to a limit. A longer one is cut there and marked as
a pause, so that statistics can exclude it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

DEFAULT_MAX_ACTIVE = timedelta(minutes=10)
"""Longer than this, an expert who only reads and taps was away: long texts take minutes."""


@dataclass(frozen=True, slots=True)
class ActiveTime:
    """Active time on a task so far, in whole seconds; `has_pause`: an interval was cut."""

    seconds: int
    has_pause: bool


@dataclass(frozen=True, slots=True)
class TaskTimestamps:
    """Known times of a task before an action, aware; None: it has not happened.

    `delivered_at`: the task arrived. `opened_at`: the expert first opened a dialog of it after it
    arrived or was partly answered. `answered_at`: it was partly answered, or the answer was undone.
    """

    delivered_at: datetime | None = None
    opened_at: datetime | None = None
    answered_at: datetime | None = None


def measure_active_time(
    timestamps: TaskTimestamps,
    now: datetime,
    max_active: timedelta = DEFAULT_MAX_ACTIVE,
    previous_seconds: int | None = None,
) -> ActiveTime | None:
    """Return the active time on a task until `now`: `previous_seconds` plus the last interval.

    The last interval counts up to `max_active`. None: its start is unknown.
    """
    active_since = _active_since(timestamps)
    if active_since is None:
        return None
    elapsed = max(now - active_since, timedelta())
    seconds = round(min(elapsed, max_active).total_seconds())
    return ActiveTime((previous_seconds or 0) + seconds, has_pause=elapsed > max_active)


def _active_since(timestamps: TaskTimestamps) -> datetime | None:
    """Return when the last interval began: at an opening only if that followed a pause."""
    known = [moment for moment in (timestamps.delivered_at, timestamps.answered_at) if moment]
    if not known:
        return timestamps.opened_at
    last_event_at, opened_at = max(known), timestamps.opened_at
    return (
        opened_at if opened_at and opened_at - last_event_at > DEFAULT_MAX_ACTIVE else last_event_at
    )
