"""What Slack says of an expert: name, zone, status, Do Not Disturb. Kept, and acted upon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from bot.cadence.away import FOR_NOW, away_until
from bot.cadence.quiet import quiet_until
from bot.services import assigning
from bot.services.auditing import CLOCK
from bot.services.resting import begin_leave
from bot.services.speaking import is_on_leave
from storage.tables import Expert

GOOD_FOR = timedelta(days=1)
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
    status_ends: datetime | None = None
    is_gone: bool = False


def to_ask_about(session: Session, now: datetime, most: int) -> list[str]:
    """Return the Slack ids of experts whose profile is to be read: the new ones, then the old."""
    known = col(Expert.profile_at)
    chosen = (
        select(Expert.slack_id)
        .where(known.is_(None) | (known <= now - GOOD_FOR))
        .order_by(known.is_not(None), known, col(Expert.id))
        .limit(most)
    )
    return list(session.exec(chosen))


def is_expert(session: Session, slack_id: str) -> bool:
    """Say whether this person labels at all: of all others nothing is kept."""
    return assigning.expert_by_slack_id(session, slack_id) is not None


def keep_profile(
    session: Session,
    slack_id: str,
    profile: Profile | None,
    now: datetime,
    asked: datetime | None = None,
) -> bool:
    """Keep what Slack says of a person; return whether tasks were let go because they are away.

    None: Slack knows nobody by this id, and we do not ask again soon. An answer to what was `asked`
    counts for nothing if Slack told us of a change since: the answer may be the older of the two.
    """
    expert = assigning.expert_by_slack_id(session, slack_id)
    if expert is None or _is_heard_since(expert.profile_at, asked):
        return False
    expert.profile_at = now
    session.add(expert)
    if profile is None:
        return False
    expert.name = profile.name
    if not expert.tz_is_own:
        expert.tz = profile.tz
    return _keep_status(session, expert, profile, now)


def _keep_status(session: Session, expert: Expert, profile: Profile, now: datetime) -> bool:
    until = away_until(profile.status, profile.emoji, profile.status_ends, now)
    until = now + FOR_NOW if profile.is_gone else until
    is_news = until is not None and not is_on_leave(expert, now)
    released = begin_leave(session, expert, now, CLOCK) if is_news else 0
    expert.status_away_until = until
    return released > 0


def keep_quiet(
    session: Session,
    slack_id: str,
    told: Mapping[str, Any],
    now: datetime,
    asked: datetime | None = None,
) -> None:
    """Keep until when a person wants no messages, as Slack tells it; {}: it would not tell.

    As with profiles, an answer to what was `asked` gives way to what came since.
    """
    expert = assigning.expert_by_slack_id(session, slack_id)
    if expert is not None and not _is_heard_since(expert.dnd_at, asked):
        expert.dnd_until, expert.dnd_at = quiet_until(told, now), now
        session.add(expert)


def _is_heard_since(heard: datetime | None, asked: datetime | None) -> bool:
    return heard is not None and asked is not None and heard > asked
