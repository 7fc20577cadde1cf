"""Slack profiles of experts: name, time zone, status, Do Not Disturb."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot.cadence.away import DEFAULT_STATUS_DURATION, away_until
from bot.cadence.do_not_disturb import parse_dnd_until
from bot.services.actors.audit_log import CLOCK
from bot.services.availability.reachability import is_away
from bot.services.experts.time_off import mark_away
from storage.queries.experts import expert_by_slack_id, list_profiles_to_sync
from storage.tables import Expert

PROFILE_MAX_AGE = timedelta(days=1)
"""Profiles older than this are fetched again."""

PROFILE_RETRY_AFTER = timedelta(hours=1)
"""When a profile is requested again that Slack did not return, or that has no time zone."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Slack profile of a person. A name, time zone or status that Slack did not report is None.

    `status_ends_at` is None for a status without an end; `is_deactivated` refers to the account.
    """

    name: str | None
    tz: str | None
    status: str | None = ""
    emoji: str = ""
    status_ends_at: datetime | None = None
    is_deactivated: bool = False


def list_stale_profiles(session: Session, now: datetime, limit: int) -> list[str]:
    """Return the Slack ids of experts whose profile must be fetched: new ones, then the oldest."""
    return list_profiles_to_sync(session, now, PROFILE_MAX_AGE, PROFILE_RETRY_AFTER, limit)


def is_expert(session: Session, slack_id: str) -> bool:
    """Return whether a person is an expert; the bot stores nothing about other people."""
    return expert_by_slack_id(session, slack_id) is not None


def save_profile(
    session: Session,
    slack_id: str,
    profile: Profile | None,
    now: datetime,
    requested_at: datetime | None = None,
) -> bool:
    """Save a person's Slack profile; return whether tasks were released because they are away.

    `profile` is None if Slack did not return it. What Slack did not report stays as it was; while
    the time zone is unknown, the profile is requested again after PROFILE_RETRY_AFTER. A profile
    requested at `requested_at` is ignored if a change event arrived since, because the event may be
    newer.
    """
    expert = expert_by_slack_id(session, slack_id)
    if expert is None or _is_superseded(expert.profile_synced_at, requested_at, now):
        return False
    session.add(expert)
    if profile is None:
        expert.profile_failed_at = now
        return False
    expert.name = profile.name or expert.name
    if profile.tz and not expert.has_custom_tz:
        expert.tz = profile.tz
    if profile.tz or expert.profile_synced_at:
        expert.profile_synced_at, expert.profile_failed_at = now, None
    else:
        expert.profile_failed_at = now
    return _save_status(session, expert, profile, now)


def _save_status(session: Session, expert: Expert, profile: Profile, now: datetime) -> bool:
    if profile.is_deactivated:
        until: datetime | None = now + DEFAULT_STATUS_DURATION
    elif profile.status is None:
        until = expert.status_away_until
    else:
        until = away_until(profile.status, profile.emoji, profile.status_ends_at, now)
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
    """Save until when a person is in Do Not Disturb; `dnd_info` is {} if Slack did not say.

    As with profiles, a response to a request from `requested_at` gives way to later events.
    """
    expert = expert_by_slack_id(session, slack_id)
    if expert is not None and not _is_superseded(expert.dnd_checked_at, requested_at, now):
        expert.dnd_until, expert.dnd_checked_at = parse_dnd_until(dnd_info, now), now
        session.add(expert)


def _is_superseded(
    updated_at: datetime | None, requested_at: datetime | None, now: datetime
) -> bool:
    """Return whether an event arrived since. An update that lies ahead is of a clock set back."""
    return updated_at is not None and requested_at is not None and requested_at < updated_at <= now
