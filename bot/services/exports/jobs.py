"""Which exports are due, and who runs them: once each, whatever stops in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from bot.cron import CronSchedule, next_run
from bot.errors import BotError
from bot.exports.formats import FORMATS, format_named
from bot.exports.formats.format import Format, SkippedLabel
from bot.exports.label_record import LabelRecord
from bot.kinds import kind_named
from bot.services.actors.actor import Actor, subject_of
from bot.services.actors.audit_log import SLACK
from storage.queries import export_runs, outbox
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.tables import Campaign, ExportRun, ExportSchedule, RunState

RUN_LEASE = timedelta(minutes=30)
"""After this a run is taken to be left behind by a process that was killed."""

RETRY_DELAY = timedelta(minutes=1)
"""Between two attempts at the same run."""

MAX_ATTEMPTS = 3

ABANDONED_ERROR = "it was started {attempts} times and never ended"


class UnsupportedFormatError(BotError):
    """A {kind} campaign has no {format} format; try {known}."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to export, where to, the channel in Slack that is told; `freezes`: it makes it final."""

    format: str
    directory: Path
    channel: str | None = None
    freezes: bool = False


@dataclass(frozen=True, slots=True)
class ClaimedExportRun:
    """A run that is ours for LEASE; `attempt` tells us from whoever takes it up after that."""

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
    """What a finished run wrote."""

    path: Path
    rows: int
    left_out: int


@dataclass(frozen=True, slots=True)
class ScheduleStatus:
    """When a campaign is exported by itself, and as what."""

    format: str
    directory: str
    cron: str
    tz: str
    due_at: datetime
    channel: str | None = None
    id: int = 0


def list_schedules(session: Session, campaign: Campaign) -> list[ScheduleStatus]:
    """Return a campaign's schedules, in the order they were made."""
    return [
        ScheduleStatus(
            one.format, one.directory, one.cron, one.tz, one.due_at, one.channel, one.id or 0
        )
        for one in export_runs.schedules_of(session, campaign.id or 0)
    ]


def formats_for(kind_name: str) -> list[str]:
    """Return the formats that answers of a kind have rows in: those its own example has one in."""
    kind = kind_named(kind_name)
    example = LabelRecord(
        label=kind.example.label,
        item_key="",
        campaign="",
        kind=kind_name,
        expert="",
        answered_at=datetime.fromtimestamp(0, UTC),
        version=1,
        guidelines_version=1,
        value={},
    )
    return [
        name
        for name, export_format in FORMATS.items()
        if not isinstance(export_format.to_rows(example), SkippedLabel)
    ]


def supported_format(campaign: Campaign, name: str) -> Format:
    """Return the format called `name`, if it suits the campaign.

    Raises:
        NotFoundError: there is no such format.
        UnsuitableFormatError: with the formats that do.
    """
    found = format_named(name)
    supported = formats_for(campaign.kind)
    if name not in supported:
        known = " or ".join(supported)
        raise UnsupportedFormatError(kind=campaign.kind, format=name, known=known)
    return found


def schedule_export(
    session: Session,
    campaign: Campaign,
    request: ExportRequest,
    recurrence: CronSchedule,
    actor: Actor,
) -> ExportSchedule:
    """Export a campaign again and again, from the next time on that is due.

    Raises:
        BadCronError, UnknownZoneError, NotFoundError, UnsuitableFormatError: nothing is scheduled.
    """
    supported_format(campaign, request.format)
    schedule = ExportSchedule(
        campaign_id=campaign.id or 0,
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

    Firings that were missed while nothing ran are made up for once, not one by one.
    """
    acquire_advisory_lock(session, "queue exports")
    due = export_runs.due_schedules(session, now)
    for schedule in due:
        session.add(_build_run(schedule))
        schedule.due_at = next_run(CronSchedule(schedule.cron, schedule.tz), now)
        session.add(schedule)
    session.flush()
    return len(due)


def queue_final_runs(session: Session, campaign: Campaign, actor: Actor) -> int:
    """Queue a last run for every schedule of a campaign that ends; return how many."""
    campaign_schedules = export_runs.schedules_of(session, campaign.id or 0)
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
    """Queue an export now. Who asks in Slack is told there when it is done.

    Raises:
        NotFoundError, UnsuitableFormatError: nothing is queued.
    """
    supported_format(campaign, request.format)
    run = ExportRun(
        campaign_id=campaign.id or 0,
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
    actor.record(session, "asked for an export", subject_of(campaign), **details)
    return run


def has_waiting_run(session: Session, now: datetime) -> bool:
    """Say whether a run waits to be claimed."""
    return export_runs.next_run(session, now, lease=RUN_LEASE, retry_delay=RETRY_DELAY) is not None


def queue_and_claim(
    session: Session, campaign: Campaign, request: ExportRequest, actor: Actor
) -> ClaimedExportRun:
    """Ask for an export and take it up oneself. Raises as `request_export` does."""
    return _claim(session, queue_export(session, campaign, request, actor), actor.at)


def claim_run(session: Session, now: datetime) -> ClaimedExportRun | None:
    """Take up the first run that waits, None if there is none.

    One that was left behind MOST_ATTEMPTS times is given up instead.
    """
    while run := export_runs.next_run(session, now, lease=RUN_LEASE, retry_delay=RETRY_DELAY):
        if run.attempts < MAX_ATTEMPTS:
            return _claim(session, run, now)
        run.state, run.error = RunState.FAILED, ABANDONED_ERROR.format(attempts=run.attempts)
        run.finished_at = now
        session.add(run)
        session.flush()
        _notify_requester(session, run, run.id or 0, now)
    return None


def _claim(session: Session, run: ExportRun, now: datetime) -> ClaimedExportRun:
    run.state, run.started_at, run.attempts = RunState.RUNNING, now, run.attempts + 1
    session.add(run)
    session.flush()
    return ClaimedExportRun(
        id=run.id or 0,
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
    """Write down that a run is done and tell who asked for it. False: somebody else has it now."""
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
    """Write down that a run failed; it is tried again, unless that is hopeless or was tried enough.

    Who asked for it is told once it is given up. False: somebody else has it now.
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
    """Tell the channel that it goes to, else the person who asked."""
    payload = {"run": run_id}
    if run.channel:
        channel_payload = {**payload, "channel": run.channel}
        outbox.enqueue(session, "exported", recipient=run.channel, payload=channel_payload, now=now)
    elif run.requested_by:
        outbox.enqueue(session, "exported", recipient=run.requested_by, payload=payload, now=now)
