"""Experts: finding them, and changing their columns without loading them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, or_, update
from sqlmodel import Session, col, select

from storage.prepared_statements import PreparedStatement
from storage.tables import Expert

_EXPERT_BY_SLACK_ID = select(Expert).where(col(Expert.slack_id) == bindparam("slack_id"))


def expert_by_slack_id(session: Session, slack_id: str) -> Expert | None:
    """Return the expert with this Slack id, None if there is none."""
    return session.exec(_EXPERT_BY_SLACK_ID, params={"slack_id": slack_id}).first()


class ExpertLimits(NamedTuple):
    """The limits that an expert chose, with the columns of the same names."""

    id: int
    tz: str
    daily_limit_minutes: int | None
    batch_size: int | None
    batch_started_at: datetime | None
    daily_limit_lifted_at: datetime | None


_LIMITS = PreparedStatement(
    select(  # type: ignore[call-overload, misc]  # SQLModel types up to four columns
        Expert.id,
        Expert.tz,
        Expert.daily_limit_minutes,
        Expert.batch_size,
        Expert.batch_started_at,
        Expert.daily_limit_lifted_at,
    ).where(col(Expert.slack_id) == bindparam("slack_id"))
)


def limits_by_slack_id(session: Session, slack_id: str) -> ExpertLimits | None:
    """Return the limits of the expert with this Slack id, None if there is none."""
    row = _LIMITS.first(session, slack_id=slack_id)
    return ExpertLimits(*row) if row else None


_WORKING_HOURS = PreparedStatement(
    select(Expert.tz, Expert.work_starts_minute, Expert.work_ends_minute, Expert.work_days).where(
        col(Expert.id) == bindparam("expert")
    )
)


def working_hours(session: Session, expert_id: int) -> tuple[str, int, int, list[int]]:
    """Return an expert's time zone, first and last minute of work in a day, and work days."""
    ((tz, starts, ends, days),) = _WORKING_HOURS.rows(session, expert=expert_id)
    return tz, starts, ends, days


_CHANNEL = PreparedStatement(select(Expert.channel).where(col(Expert.id) == bindparam("expert")))


def channel_of(session: Session, expert_id: int) -> str | None:
    """Return the channel of an expert's direct messages, None if it is not known yet."""
    ((channel,),) = _CHANNEL.rows(session, expert=expert_id)
    return None if channel is None else str(channel)


def expert_by_pseudonym(session: Session, pseudonym: str) -> Expert | None:
    """Return the expert with this pseudonym, None if there is none."""
    return session.exec(select(Expert).where(Expert.pseudonym == pseudonym)).first()


def pseudonym_of(session: Session, expert_id: int) -> str | None:
    """Return the pseudonym of an expert by id, None if there is none."""
    return session.exec(select(Expert.pseudonym).where(Expert.id == expert_id)).first()


_IS_IN_SLACK = and_(
    col(Expert.is_external).is_(False), col(Expert.slack_id) != col(Expert.pseudonym)
)
"""Not an imported name, and not erased: an erased person has the pseudonym as Slack id."""


def list_experts(session: Session) -> Sequence[Expert]:
    """Return all experts in Slack, in the order they were added."""
    return session.exec(select(Expert).where(_IS_IN_SLACK).order_by(col(Expert.id))).all()


def end_absence(session: Session, expert_id: int) -> None:
    """Record that an expert is back, by their id."""
    statement = update(Expert).where(col(Expert.id) == expert_id).values(away_since=None)
    session.connection().execute(statement)


def end_absence_by_slack_id(session: Session, slack_id: str) -> None:
    """Record that an expert is back, by their Slack id."""
    statement = update(Expert).where(col(Expert.slack_id) == slack_id).values(away_since=None)
    session.connection().execute(statement)


def update_experts(session: Session, slack_ids: Collection[str], **columns: object) -> None:
    """Set the same columns of several experts."""
    statement = update(Expert).where(col(Expert.slack_id).in_(slack_ids)).values(**columns)
    session.connection().execute(statement)


def set_first_channel(session: Session, slack_id: str, channel: str) -> None:
    """Record the direct message channel of an expert, unless one is recorded already."""
    statement = (
        update(Expert)
        .where(col(Expert.slack_id) == slack_id, col(Expert.channel).is_(None))
        .values(channel=channel)
    )
    session.connection().execute(statement)


def list_profiles_to_sync(
    session: Session, now: datetime, max_age: timedelta, retry_after: timedelta, limit: int
) -> list[str]:
    """Return the Slack ids of experts whose profile is missing or old: missing, then oldest.

    Those whose profile could not be fetched within `retry_after` are left out. A time that lies
    ahead counts as long ago, because the clock was set back.
    """
    profile_at, failed_at = col(Expert.profile_synced_at), col(Expert.profile_failed_at)
    query = (
        select(Expert.slack_id)
        .where(
            _IS_IN_SLACK,
            or_(profile_at.is_(None), profile_at <= now - max_age, profile_at > now),
            or_(failed_at.is_(None), failed_at <= now - retry_after, failed_at > now),
        )
        .order_by(profile_at.is_not(None), profile_at, col(Expert.id))
        .limit(limit)
    )
    return list(session.exec(query))


def time_zone_of_expert(session: Session, slack_id: str) -> str | None:
    """Return the time zone of an expert whose profile is known, else None."""
    query = select(Expert.tz).where(
        Expert.slack_id == slack_id, col(Expert.profile_synced_at).is_not(None)
    )
    return session.exec(query).first()


def most_common_time_zone(session: Session) -> str | None:
    """Return the most common time zone of experts whose profile is known, None without any."""
    query = (
        select(Expert.tz)
        .where(col(Expert.profile_synced_at).is_not(None))
        .group_by(col(Expert.tz))
        .order_by(func.count().desc(), col(Expert.tz))
        .limit(1)
    )
    return session.exec(query).first()
