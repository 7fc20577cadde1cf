"""Export jobs: queuing, claiming and finishing runs, so that each run is done exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from bot.cron import CronSchedule, next_run
from bot.messages.exports import ExportResultMessage
from bot.services.actors.actor import Actor, subject_of
from bot.services.actors.audit_log import SLACK
from bot.services.exports.supported_formats import supported_format
from storage.queries import export_runs, outbox
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.row_id import id_of
from storage.tables import Campaign, ExportRun, ExportSchedule, RunState

RUN_LEASE = timedelta(minutes=30)
"""How long a claimed run belongs to its process; then it counts as abandoned."""

RETRY_DELAY = timedelta(minutes=1)
"""Pause between two attempts at the same run."""

MAX_ATTEMPTS = 3

ABANDONED_ERROR = "it was started {attempts} times and never finished"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """An export to run: its format, folder and Slack channel to notify.

    `freezes`: the exported answers become final.
    """

    format: str
    directory: Path
    channel: str | None = None
    freezes: bool = False


@dataclass(frozen=True, slots=True)
class ClaimedExportRun:
    """A run claimed for `RUN_LEASE`; `attempt` tells apart the processes that claim it in turn."""

    id: int
    campaign_id: int
    format: str
    directory: Path
    due_at: datetime
    started_at: datetime
    attempt: int
    requested_by: str | None
    channel: str | None = None
    freezes: bool = False


@dataclass(frozen=True, slots=True)
class ExportOutcome:
    """The result of a finished run."""

    path: Path
    rows: int
    left_out: int


@dataclass(frozen=True, slots=True)
class ScheduleStatus:
    """A scheduled export of a campaign, with its next due time."""

    format: str
    directory: str
    cron: str
    tz: str
    due_at: datetime
    channel: str | None = None
    id: int = 0


def list_schedules(session: Session, campaign: Campaign) -> list[ScheduleStatus]:
    """Return a campaign's export schedules, oldest first."""
    return [
        ScheduleStatus(
            row.format, row.directory, row.cron, row.tz, row.due_at, row.channel, id_of(row)
        )
        for row in export_runs.schedules_of(session, id_of(campaign))
    ]


def schedule_export(
    session: Session,
    campaign: Campaign,
    request: ExportRequest,
    recurrence: CronSchedule,
    actor: Actor,
) -> ExportSchedule:
    """Schedule an export of a campaign; return the schedule.

    Raises:
        InvalidCronError, UnknownTimeZoneError, NotFoundError, UnsupportedFormatError: nothing is
            scheduled.
    """
    supported_format(campaign, request.format)
    schedule = ExportSchedule(
        campaign_id=id_of(campaign),
        format=request.format,
        directory=str(request.directory),
        cron=" ".join(recurrence.cron.split()),
        tz=recurrence.tz,
        channel=request.channel,
        due_at=next_run(recurrence, actor.at),
        created_at=actor.at,
    )
    session.add(schedule)
    details = {"format": request.format, "cron": schedule.cron, "tz": schedule.tz}
    actor.record(session, "scheduled an export", subject_of(campaign), **details)
    return schedule


def queue_due_runs(session: Session, now: datetime) -> int:
    """Queue one run for every schedule that is due; return how many.

    Runs that were missed while the bot was down are made up for by a single run.
    """
    acquire_advisory_lock(session, "queue_exports")
    due = export_runs.due_schedules(session, now)
    for schedule in due:
        session.add(_build_run(schedule))
        schedule.due_at = next_run(CronSchedule(schedule.cron, schedule.tz), now)
        session.add(schedule)
    session.flush()
    return len(due)


def queue_final_runs(session: Session, campaign: Campaign, actor: Actor) -> int:
    """Queue a last run for every schedule of a campaign that is being closed; return how many."""
    campaign_schedules = export_runs.schedules_of(session, id_of(campaign))
    for schedule in campaign_schedules:
        run = _build_run(schedule)
        run.due_at = actor.at
        session.add(run)
    return len(campaign_schedules)


def _build_run(schedule: ExportSchedule) -> ExportRun:
    return ExportRun(
        campaign_id=schedule.campaign_id,
        schedule_id=schedule.id,
        format=schedule.format,
        directory=schedule.directory,
        channel=schedule.channel,
        due_at=schedule.due_at,
    )


def queue_export(
    session: Session, campaign: Campaign, request: ExportRequest, actor: Actor
) -> ExportRun:
    """Queue an export for now. If it was requested in Slack, the requester gets the result there.

    Raises:
        NotFoundError, UnsupportedFormatError: nothing is queued.
    """
    supported_format(campaign, request.format)
    run = ExportRun(
        campaign_id=id_of(campaign),
        format=request.format,
        directory=str(request.directory),
        requested_by=actor.name if actor.origin == SLACK else None,
        channel=request.channel,
        freezes=request.freezes,
        due_at=actor.at,
    )
    session.add(run)
    session.flush()
    details = {"format": request.format, **({"freezes": True} if request.freezes else {})}
    actor.record(session, "requested an export", subject_of(campaign), **details)
    return run


def has_waiting_run(session: Session, now: datetime) -> bool:
    """Return whether a run is waiting to be claimed."""
    return export_runs.next_run(session, now, lease=RUN_LEASE, retry_delay=RETRY_DELAY) is not None


def queue_and_claim(
    session: Session, campaign: Campaign, request: ExportRequest, actor: Actor
) -> ClaimedExportRun:
    """Queue an export and claim it at once.

    Raises:
        NotFoundError, UnsupportedFormatError: nothing is queued.
    """
    return _claim(session, queue_export(session, campaign, request, actor), actor.at)


def claim_run(session: Session, now: datetime) -> ClaimedExportRun | None:
    """Claim the first waiting run, None if there is none.

    A run that was abandoned `MAX_ATTEMPTS` times fails instead.
    """
    while run := export_runs.next_run(session, now, lease=RUN_LEASE, retry_delay=RETRY_DELAY):
        if run.attempts < MAX_ATTEMPTS:
            return _claim(session, run, now)
        run.state, run.error = RunState.FAILED, ABANDONED_ERROR.format(attempts=run.attempts)
        run.finished_at = now
        session.add(run)
        session.flush()
        _notify_requester(session, run, id_of(run), now)
    return None


def _claim(session: Session, run: ExportRun, now: datetime) -> ClaimedExportRun:
    run.state, run.started_at, run.attempts = RunState.RUNNING, now, run.attempts + 1
    session.add(run)
    session.flush()
    return ClaimedExportRun(
        id=id_of(run),
        campaign_id=run.campaign_id,
        format=run.format,
        directory=Path(run.directory),
        due_at=run.due_at,
        started_at=now,
        attempt=run.attempts,
        requested_by=run.requested_by,
        channel=run.channel,
        freezes=run.freezes,
    )


def finish_run(
    session: Session, run: ClaimedExportRun, outcome: ExportOutcome, now: datetime
) -> bool:
    """Record that a run is done and notify the requester; False if another process claimed it."""
    is_owner = export_runs.record_outcome(
        session,
        run.id,
        run.attempt,
        state=RunState.DONE,
        finished_at=now,
        rows=outcome.rows,
        left_out=outcome.left_out,
        path=str(outcome.path),
        error=None,
    )
    if is_owner:
        _notify_requester(session, run, run.id, now)
    return is_owner


def fail_run(
    session: Session, run: ClaimedExportRun, error: str, now: datetime, *, permanent: bool = False
) -> bool:
    """Record that a run failed; return False if another process has claimed it since.

    It is tried again unless the error is `permanent` or this was the last attempt; then the
    requester is notified.
    """
    is_final = permanent or run.attempt >= MAX_ATTEMPTS
    state = RunState.FAILED if is_final else RunState.QUEUED
    finished_at = now if is_final else None
    is_owner = export_runs.record_outcome(
        session, run.id, run.attempt, state=state, error=error, finished_at=finished_at
    )
    if is_owner and is_final:
        _notify_requester(session, run, run.id, now)
    return is_owner


def _notify_requester(
    session: Session, run: ClaimedExportRun | ExportRun, run_id: int, now: datetime
) -> None:
    """Notify the run's channel, else the person who requested it, else nobody."""
    recipient = run.channel or run.requested_by
    if recipient:
        message = ExportResultMessage(run_id, channel=run.channel or None)
        outbox.enqueue(session, message, recipient=recipient, now=now)
