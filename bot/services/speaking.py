"""Whether we may speak to somebody unasked: at work, not away, and not to be disturbed.

What a person asks for is answered at any hour; none of this is asked then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cadence.hours import is_working
from bot.cadence.quiet import is_fresh
from bot.services.leasing import hours_of
from storage.tables import Expert


@dataclass(frozen=True, slots=True)
class Spoken:
    """How many people were spoken to, and of whom Slack must be asked first if they want it."""

    people: int
    to_ask: Sequence[str] = ()


def is_on_leave(expert: Expert, now: datetime) -> bool:
    """Say whether somebody pauses, or is out of the office by their Slack status."""
    return any(until and until > now for until in (expert.paused_until, expert.status_away_until))


def is_reachable(expert: Expert, now: datetime) -> bool:
    """Say whether somebody may be spoken to as far as we know. Do Not Disturb may say otherwise."""
    is_quiet = expert.dnd_until is not None and expert.dnd_until > now
    return not is_quiet and not is_on_leave(expert, now) and is_working(hours_of(expert), now)


def is_asked(expert: Expert, now: datetime) -> bool:
    """Say whether Slack told us lately if they want to be disturbed."""
    return is_fresh(expert.dnd_at, now)
