"""How long an answer took, measured honestly: what may well be work counts, a pause does not.

Nobody watches the person. All that is known are moments: when the task came, when they looked into
it, when they tapped. The time between two of them counts up to a limit. What is longer is cut there
and marked as a pause, so that statistics can leave it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

DEFAULT_MAX_ACTIVE = timedelta(minutes=10)
"""Beyond this somebody who had only to read and tap was away: the longest texts take minutes."""


@dataclass(frozen=True, slots=True)
class ActiveTime:
    """Time at one task so far, in whole seconds; `paused`: some of it was cut."""

    seconds: int
    has_pause: bool


@dataclass(frozen=True, slots=True)
class TaskTimestamps:
    """What is known of a task before a tap, each aware or None: it never happened.

    `delivered`: the task came. `opened`: the expert opened a window of it, for the first time since
    it came or was answered in part. `answered`: it was answered in part, or taken back.
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
    """Return the time at a task up to now: the `before` seconds counted already, and what passed.

    The last stretch counts up to `longest`. None: nobody knows when it began.
    """
    active_since = _active_since(timestamps)
    if active_since is None:
        return None
    elapsed = max(now - active_since, timedelta())
    seconds = round(min(elapsed, max_active).total_seconds())
    return ActiveTime((previous_seconds or 0) + seconds, has_pause=elapsed > max_active)


def _active_since(timestamps: TaskTimestamps) -> datetime | None:
    """Return when the last stretch began: at an opening only if it came after a pause."""
    known = [moment for moment in (timestamps.delivered_at, timestamps.answered_at) if moment]
    if not known:
        return timestamps.opened_at
    last_event_at, opened_at = max(known), timestamps.opened_at
    return (
        opened_at if opened_at and opened_at - last_event_at > DEFAULT_MAX_ACTIVE else last_event_at
    )
