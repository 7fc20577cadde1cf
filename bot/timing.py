"""How long an answer took, measured honestly: what may well be work counts, a pause does not.

Nobody watches the person. All that is known are moments: when the task came, when they looked into
it, when they tapped. The time between two of them counts up to a limit. What is longer is cut there
and marked as a pause, so that statistics can leave it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

PAUSE = timedelta(minutes=10)
"""Beyond this somebody who had only to read and tap was away: the longest texts take minutes."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Time at one task so far, in whole seconds; `paused`: some of it was cut."""

    seconds: int
    paused: bool


@dataclass(frozen=True, slots=True)
class Moments:
    """What is known of a task before a tap, each aware or None: it never happened.

    `delivered`: the task came. `opened`: the expert opened a window of it, for the first time since
    it came or was answered in part. `answered`: it was answered in part, or taken back.
    """

    delivered: datetime | None = None
    opened: datetime | None = None
    answered: datetime | None = None


def spent(
    moments: Moments, now: datetime, longest: timedelta = PAUSE, before: int | None = None
) -> Spent | None:
    """Return the time at a task up to now: the `before` seconds counted already, and what passed.

    The last stretch counts up to `longest`. None: nobody knows when it began.
    """
    began = _began(moments)
    if began is None:
        return None
    passed = max(now - began, timedelta())
    seconds = round(min(passed, longest).total_seconds())
    return Spent((before or 0) + seconds, paused=passed > longest)


def _began(moments: Moments) -> datetime | None:
    """Return when the last stretch began: at an opening only if it came after a pause."""
    known = [moment for moment in (moments.delivered, moments.answered) if moment]
    if not known:
        return moments.opened
    there, opened = max(known), moments.opened
    return opened if opened and opened - there > PAUSE else there
