"""Whether the bot may message an expert unasked: in working hours, not away, not in DND.

Requests are answered at any hour, without these checks.
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
    """Number of experts messaged, and Slack ids whose DND status must be fetched first."""

    messaged: int
    dnd_unknown_ids: Sequence[str] = ()


def is_away(expert: Expert, now: datetime) -> bool:
    """Return whether an expert has time off, or is away according to their Slack status."""
    return any(until and until > now for until in (expert.paused_until, expert.status_away_until))


def is_reachable(expert: Expert, now: datetime) -> bool:
    """Return whether an expert may be messaged, with the DND status that is stored.

    The stored status may be out of date; see `is_dnd_known`. Without a time zone, the working hours
    are unknown.
    """
    is_dnd = expert.dnd_until is not None and expert.dnd_until > now
    return (
        is_zone_known(expert)
        and not is_dnd
        and not is_away(expert, now)
        and is_working(working_hours_of(expert), now)
    )


def is_zone_known(expert: Expert) -> bool:
    """Return whether the expert or Slack has named their time zone."""
    return expert.has_custom_tz or expert.profile_synced_at is not None


def is_dnd_known(expert: Expert, now: datetime) -> bool:
    """Return whether the stored DND status is recent enough."""
    return is_dnd_fresh(expert.dnd_checked_at, now)
