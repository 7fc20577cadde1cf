"""Whether we may speak to somebody unasked: at work, not away, and not to be disturbed.

What a person asks for is answered at any hour; none of this is asked then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cadence.do_not_disturb import is_dnd_fresh
from bot.cadence.working_hours import is_working
from bot.services.assignments.leases import working_hours_of
from storage.tables import Expert


@dataclass(frozen=True, slots=True)
class ContactResult:
    """How many people were spoken to, and of whom Slack must be asked first if they want it."""

    messaged: int
    dnd_unknown_ids: Sequence[str] = ()


def is_away(expert: Expert, now: datetime) -> bool:
    """Say whether somebody pauses, or is out of the office by their Slack status."""
    return any(until and until > now for until in (expert.paused_until, expert.status_away_until))


def is_reachable(expert: Expert, now: datetime) -> bool:
    """Say whether somebody may be spoken to as far as we know. Do Not Disturb may say otherwise."""
    is_dnd = expert.dnd_until is not None and expert.dnd_until > now
    return not is_dnd and not is_away(expert, now) and is_working(working_hours_of(expert), now)


def is_dnd_known(expert: Expert, now: datetime) -> bool:
    """Say whether Slack told us lately if they want to be disturbed."""
    return is_dnd_fresh(expert.dnd_checked_at, now)
