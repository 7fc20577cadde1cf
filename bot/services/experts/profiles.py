"""What Slack says of an expert: name, zone, status, Do Not Disturb. Kept, and acted upon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from bot.cadence.away import DEFAULT_STATUS_DURATION, away_until
from bot.cadence.do_not_disturb import parse_dnd_until
from bot.services.actors.audit_log import CLOCK
from bot.services.assignments import assign
from bot.services.availability.reachability import is_away
from bot.services.experts.time_off import mark_away
from storage.tables import Expert

PROFILE_MAX_AGE = timedelta(days=1)
"""After this a profile is read again."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as Slack tells of them. `status_ends`: None while the status has no end.

    `is_gone`: their account was deactivated.
    """

    name: str
    tz: str
    status: str = ""
    emoji: str = ""
    status_ends_at: datetime | None = None
    is_deactivated: bool = False


def list_stale_profiles(session: Session, now: datetime, limit: int) -> list[str]:
    """Return the Slack ids of experts whose profile is to be read: the new ones, then the old."""
    profile_at = col(Expert.profile_synced_at)
    chosen = (
        select(Expert.slack_id)
        .where(profile_at.is_(None) | (profile_at <= now - PROFILE_MAX_AGE))
        .order_by(profile_at.is_not(None), profile_at, col(Expert.id))
        .limit(limit)
    )
    return list(session.exec(chosen))


def is_expert(session: Session, slack_id: str) -> bool:
    """Say whether this person labels at all: of all others nothing is kept."""
    return assign.expert_by_slack_id(session, slack_id) is not None


def save_profile(
    session: Session,
    slack_id: str,
    profile: Profile | None,
    now: datetime,
    requested_at: datetime | None = None,
) -> bool:
    """Keep what Slack says of a person; return whether tasks were let go because they are away.

    None: Slack knows nobody by this id, and we do not ask again soon. An answer to what was `asked`
    counts for nothing if Slack told us of a change since: the answer may be the older of the two.
    """
    expert = assign.expert_by_slack_id(session, slack_id)
    if expert is None or _is_superseded(expert.profile_synced_at, requested_at):
        return False
    expert.profile_synced_at = now
    session.add(expert)
    if profile is None:
        return False
    expert.name = profile.name
    if not expert.has_custom_tz:
        expert.tz = profile.tz
    return _save_status(session, expert, profile, now)


def _save_status(session: Session, expert: Expert, profile: Profile, now: datetime) -> bool:
    until = away_until(profile.status, profile.emoji, profile.status_ends_at, now)
    until = now + DEFAULT_STATUS_DURATION if profile.is_deactivated else until
    is_newly_away = until is not None and not is_away(expert, now)
    released = mark_away(session, expert, now, CLOCK) if is_newly_away else 0
    expert.status_away_until = until
    return released > 0


def save_dnd(
    session: Session,
    slack_id: str,
    dnd_info: Mapping[str, Any],
    now: datetime,
    requested_at: datetime | None = None,
) -> None:
    """Keep until when a person wants no messages, as Slack tells it; {}: it would not tell.

    As with profiles, an answer to what was `asked` gives way to what came since.
    """
    expert = assign.expert_by_slack_id(session, slack_id)
    if expert is not None and not _is_superseded(expert.dnd_checked_at, requested_at):
        expert.dnd_until, expert.dnd_checked_at = parse_dnd_until(dnd_info, now), now
        session.add(expert)


def _is_superseded(updated_at: datetime | None, requested_at: datetime | None) -> bool:
    return updated_at is not None and requested_at is not None and updated_at > requested_at
