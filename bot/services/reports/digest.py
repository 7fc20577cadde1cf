"""Weekly digest: schedule, recipients and content. A missed digest is sent once, never twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cron import CronSchedule, next_run
from bot.messages.digests import DigestMessage
from bot.services.actors import roles
from bot.services.actors.actor import Actor
from bot.services.reports import overview
from bot.services.reports.overview import Overview
from bot.services.settings import workspace_settings
from storage.queries import outbox, votes
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.queries.workspace_settings import digest_schedule
from storage.tables import CampaignState, DigestSchedule, Role

DEFAULT_SCHEDULE = CronSchedule("0 9 * * mon", "UTC")
"""Monday morning, until a coordinator changes it."""

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """Schedule and destination of the digest; with `channel` None, every coordinator gets it."""

    is_enabled: bool
    channel: str | None
    schedule: CronSchedule
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class WeeklyDigest:
    """Content of the digest: campaigns that are not closed, and answers of the week by expert."""

    campaigns: tuple[Overview, ...]
    answer_counts: tuple[tuple[str, int], ...]

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to report: no answers and no warnings."""
        return not self.answer_counts and not any(campaign.warnings for campaign in self.campaigns)


def digest_settings(session: Session) -> DigestSettings:
    """Return the schedule and destination of the digest."""
    settings, row = workspace_settings.load_settings(session), digest_schedule(session)
    schedule = CronSchedule(row.cron, row.tz) if row else DEFAULT_SCHEDULE
    return DigestSettings(settings.digest, settings.channel, schedule, row.due_at if row else None)


def update_digest_settings(
    session: Session, new_settings: DigestSettings, actor: Actor
) -> DigestSettings:
    """Change the settings of the digest from its next run on; return the settings in force.

    Raises:
        InvalidCronError, UnknownTimeZoneError: nothing is changed.
    """
    schedule = new_settings.schedule
    due_at = next_run(schedule, actor.at)
    before = digest_settings(session)
    settings = replace(
        workspace_settings.load_settings(session),
        digest=new_settings.is_enabled,
        channel=new_settings.channel,
    )
    workspace_settings.update_settings(session, settings, actor)
    if schedule != before.schedule or before.due_at is None:
        row = digest_schedule(session) or DigestSchedule(cron="", due_at=due_at)
        row.cron, row.tz, row.due_at = schedule.cron, schedule.tz, due_at
        session.add(row)
        session.flush()
        details = {"cron": row.cron, "tz": row.tz}
        actor.record(session, "changed the digest schedule", "workspace", **details)
    return digest_settings(session)


def queue_due(session: Session, now: datetime, configured_coordinators: Sequence[str]) -> bool:
    """Queue the digest if it is due; return whether a message was queued.

    One digest makes up for all weeks in which the bot did not run. `configured_coordinators` are
    the ids in LABELBOT_COORDINATORS.
    """
    acquire_advisory_lock(session, "send_digest")
    row = digest_schedule(session)
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
    message = DigestMessage(settings.channel or None)
    for recipient in recipients:
        outbox.enqueue(session, message, recipient=recipient, now=now)
    return bool(recipients)


def correct_due_time(session: Session, now: datetime) -> None:
    """Bring the digest forward if its next run was computed while the clock was ahead."""
    acquire_advisory_lock(session, "send_digest")
    row = digest_schedule(session)
    if row is not None:
        row.due_at = min(row.due_at, next_run(CronSchedule(row.cron, row.tz), now))
        session.add(row)


def _coordinator_ids(session: Session, configured_coordinators: Sequence[str]) -> list[str]:
    role_by_slack_id = roles.roles_by_slack_id(session, configured_coordinators)
    return sorted(
        slack_id for slack_id, role in role_by_slack_id.items() if role == Role.COORDINATOR
    )


def is_due(session: Session, now: datetime) -> bool:
    """Return whether `queue_due` has work: the digest is due or not scheduled yet."""
    row = digest_schedule(session)
    return row is None or row.due_at <= now


def weekly_digest(session: Session, now: datetime) -> WeeklyDigest:
    """Return the content of the digest for the last seven days."""
    campaigns = tuple(
        campaign
        for campaign in overview.list_overviews(session, now)
        if campaign.status.state != CampaignState.CLOSED
    )
    return WeeklyDigest(campaigns, tuple(votes.answers_by_expert(session, now - WEEK)))
