"""The weekly summary: when it comes, to whom, and what it tells; made up for once, never twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.cron import CronSchedule, next_run
from bot.services.actors import roles
from bot.services.actors.actor import Actor
from bot.services.reports import overview
from bot.services.reports.overview import Overview
from bot.services.settings import workspace_settings
from storage.queries import outbox, votes
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.tables import CampaignState, DigestSchedule, Role

DEFAULT_SCHEDULE = CronSchedule("0 9 * * mon", "UTC")
"""Monday morning, until somebody chooses otherwise."""

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """When the summary comes and where to; `channel` None: to each coordinator by themselves."""

    is_enabled: bool
    channel: str | None
    schedule: CronSchedule
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class WeeklyDigest:
    """What the summary tells: campaigns that are not over, and who answered how much."""

    campaigns: tuple[Overview, ...]
    answer_counts: tuple[tuple[str, int], ...]

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to tell: nobody answered and nothing needs anybody."""
        return not self.answer_counts and not any(one.warnings for one in self.campaigns)


def digest_settings(session: Session) -> DigestSettings:
    """Return when the summary comes and where to."""
    settings, row = workspace_settings.load_settings(session), _digest_row(session)
    schedule = CronSchedule(row.cron, row.tz) if row else DEFAULT_SCHEDULE
    return DigestSettings(settings.digest, settings.channel, schedule, row.due_at if row else None)


def update_digest_settings(
    session: Session, wanted: DigestSettings, actor: Actor
) -> DigestSettings:
    """Let the summary come as wanted, from the next time on; return what holds now.

    Raises:
        BadCronError, UnknownZoneError: nothing is changed.
    """
    due_at = next_run(wanted.schedule, actor.at)
    before = digest_settings(session)
    settings = replace(
        workspace_settings.load_settings(session), digest=wanted.is_enabled, channel=wanted.channel
    )
    workspace_settings.update_settings(session, settings, actor)
    if wanted.schedule != before.schedule or before.due_at is None:
        row = _digest_row(session) or DigestSchedule(cron="", due_at=due_at)
        row.cron, row.tz, row.due_at = wanted.schedule.cron, wanted.schedule.tz, due_at
        session.add(row)
        session.flush()
        details = {"cron": row.cron, "tz": row.tz}
        actor.record(session, "changed when the weekly summary comes", "workspace", **details)
    return digest_settings(session)


def queue_due(session: Session, now: datetime, configured_coordinators: Sequence[str]) -> bool:
    """Queue the summary if it is due; return whether anything is to be said.

    Weeks that were missed while nothing ran are made up for by one. `by_setting` are the
    coordinators by LABELBOT_COORDINATORS.
    """
    acquire_advisory_lock(session, "digest")
    row = _digest_row(session)
    if row is None:
        session.add(
            DigestSchedule(
                cron=DEFAULT_SCHEDULE.cron,
                tz=DEFAULT_SCHEDULE.tz,
                due_at=next_run(DEFAULT_SCHEDULE, now),
            )
        )
        return False
    if row.due_at > now:
        return False
    row.due_at = next_run(CronSchedule(row.cron, row.tz), now)
    session.add(row)
    settings = workspace_settings.load_settings(session)
    if not settings.digest:
        return False
    recipients = (
        [settings.channel]
        if settings.channel
        else _coordinator_ids(session, configured_coordinators)
    )
    payload = {"channel": settings.channel} if settings.channel else {}
    for recipient in recipients:
        outbox.enqueue(session, "digest", recipient=recipient, payload=payload, now=now)
    return bool(recipients)


def _coordinator_ids(session: Session, configured_coordinators: Sequence[str]) -> list[str]:
    role_by_slack_id = roles.roles_by_slack_id(session, configured_coordinators)
    return sorted(person for person, role in role_by_slack_id.items() if role == Role.COORDINATOR)


def is_due(session: Session, now: datetime) -> bool:
    """Say whether somebody should look: the summary is due, or nobody knows yet when it is."""
    row = _digest_row(session)
    return row is None or row.due_at <= now


def _digest_row(session: Session) -> DigestSchedule | None:
    return session.exec(select(DigestSchedule).order_by(col(DigestSchedule.id)).limit(1)).first()


def weekly_digest(session: Session, now: datetime) -> WeeklyDigest:
    """Return what the last seven days were like."""
    found = overview.list_overviews(session, now)
    running = tuple(one for one in found if one.status.state != CampaignState.CLOSED)
    return WeeklyDigest(running, tuple(votes.answers_by_expert(session, now - WEEK)))
