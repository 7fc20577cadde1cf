"""Export jobs: schedules, and the runs that are queued for them or on request."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from bot.cron import CronSchedule, count_runs, next_run
from bot.destinations.address import check_available
from bot.destinations.local_folder import check_folder
from bot.errors import BotError
from bot.exports.row_options import DEFAULT_OPTIONS, RowOptions, parse_row_options
from bot.services.actors.actor import Actor, subject_of
from bot.services.actors.audit_log import SLACK
from bot.services.exports.recurrence import (
    AfterAnswers,
    OnCompletion,
    Recurrence,
    describe_recurrence,
    stored_recurrence,
)
from bot.services.exports.supported_formats import tables_of
from storage.queries import export_runs, progress
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.row_id import id_of
from storage.tables import Campaign, ExportRun, ExportSchedule, RunState

MAX_COUNTED_RUNS = 1000
"""Up to how many missed runs of a schedule are counted."""

INVALID_SCHEDULE_RETRY = timedelta(days=1)
"""When a schedule is tried again that this installation cannot read."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """An export to run: its format, folder and Slack channel to notify.

    `freezes`: the exported answers become final. `options` say how answers become rows.
    `destination` is the address to which the folder is delivered, if any.
    """

    format: str
    directory: Path
    channel: str | None = None
    freezes: bool = False
    options: RowOptions = DEFAULT_OPTIONS
    destination: str | None = None


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last finished run of a schedule: when it finished, and why it failed, if it did."""

    finished_at: datetime | None
    error: str | None = None
    missed_runs: int = 0


@dataclass(frozen=True, slots=True)
class ScheduleStatus:
    """A scheduled export of a campaign, with its next due time and its last run, if any.

    Without `cron`, it runs after every `after_answers` new answers, or when the campaign is
    complete, and has no due time. `new_answers` were given since its last run.
    """

    format: str
    directory: str
    cron: str
    tz: str
    due_at: datetime | None
    channel: str | None = None
    id: int = 0
    last_run: LastRun | None = None
    options: RowOptions = DEFAULT_OPTIONS
    destination: str | None = None
    after_answers: int | None = None
    new_answers: int = 0

    def describe(self) -> str:
        """Return when it runs and its next run, in words."""
        recurrence = stored_recurrence(self.cron, self.tz, self.after_answers)
        return describe_recurrence(recurrence, self.due_at, self.new_answers)


def list_schedules(session: Session, campaign: Campaign) -> list[ScheduleStatus]:
    """Return a campaign's export schedules, oldest first."""
    outcomes = export_runs.latest_outcomes(session)
    answers = progress.count_answers(session, id_of(campaign))
    return [
        ScheduleStatus(
            format=row.format,
            directory=row.directory,
            cron=row.cron,
            tz=row.tz,
            due_at=row.due_at,
            channel=row.channel,
            options=parse_row_options(row.options),
            destination=row.destination,
            after_answers=row.after_answers,
            new_answers=max(answers - row.counted_answers, 0),
            id=id_of(row),
            last_run=_last_run(outcomes.get(id_of(row))),
        )
        for row in export_runs.schedules_of(session, id_of(campaign))
    ]


def _last_run(run: ExportRun | None) -> LastRun | None:
    return LastRun(run.finished_at, run.error, run.missed_runs) if run else None


def check_request(campaign: Campaign, request: ExportRequest) -> None:
    """Check that an export of a campaign is possible.

    Raises:
        NotFoundError, UnsupportedFormatError, UnsupportedAggregateError, RankingClassesError,
            NotAFolderError: it is not.
        InvalidDestinationError, MissingExtraError, MissingWebhookSecretError, PlainWebhookError: it
            cannot be delivered.
    """
    tables_of(campaign, request.format, request.options)
    check_folder(request.directory)
    if request.destination:
        check_available(request.destination)


def schedule_export(
    session: Session,
    campaign: Campaign,
    request: ExportRequest,
    recurrence: Recurrence,
    actor: Actor,
) -> ExportSchedule:
    """Schedule an export of a campaign; return the schedule.

    Raises:
        InvalidCronError, UnknownTimeZoneError, and the errors of `check_request`: nothing is
            scheduled.
    """
    check_request(campaign, request)
    timing = _timing_columns(session, campaign, recurrence, actor.at)
    schedule = ExportSchedule(
        campaign_id=id_of(campaign),
        format=request.format,
        directory=str(request.directory),
        destination=request.destination,
        channel=request.channel,
        options=request.options.to_texts(),
        created_at=actor.at,
        **timing,
    )
    session.add(schedule)
    details: dict[str, object] = {"format": request.format, **recurrence_details(schedule)}
    details |= {**schedule.options, **_destination_details(request.destination)}
    actor.record(session, "scheduled an export", subject_of(campaign), **details)
    return schedule


def _timing_columns(
    session: Session, campaign: Campaign, recurrence: Recurrence, now: datetime
) -> dict[str, Any]:
    """Return the columns that say when a schedule runs; new answers count from now on."""
    match recurrence:
        case CronSchedule(cron=cron, tz=tz):
            due_at = next_run(recurrence, now)
            return {"cron": " ".join(cron.split()), "tz": tz, "due_at": due_at}
        case AfterAnswers(count=count):
            counted = progress.count_answers(session, id_of(campaign))
            return {"cron": "", "after_answers": count, "counted_answers": counted}
        case OnCompletion():
            return {"cron": ""}


def recurrence_details(schedule: ExportSchedule) -> dict[str, object]:
    """Return when a schedule runs, for the audit log."""
    if schedule.cron:
        return {"cron": schedule.cron, "tz": schedule.tz}
    return (
        {"after_answers": schedule.after_answers}
        if schedule.after_answers
        else {"on_completion": True}
    )


def queue_due_runs(session: Session, now: datetime) -> int:
    """Queue one run for every schedule that is due; return how many.

    Runs that were missed while the bot was down are made up for by a single run.
    """
    acquire_advisory_lock(session, "queue_exports")
    due = export_runs.due_schedules(session, now)
    for schedule in due:
        if schedule.due_at is not None:
            _queue_due_run(session, schedule, schedule.due_at, now)
            session.add(schedule)
    session.flush()
    return len(due)


def _queue_due_run(
    session: Session, schedule: ExportSchedule, due_at: datetime, now: datetime
) -> None:
    run = queue_run(session, schedule, due_at)
    recurrence = CronSchedule(schedule.cron, schedule.tz)
    try:
        run.missed_runs = count_runs(recurrence, due_at, now, MAX_COUNTED_RUNS)
        schedule.due_at = next_run(recurrence, now)
    except BotError as error:  # for example a time zone that this installation does not have
        run.state, run.finished_at, run.error = RunState.FAILED, now, str(error).rstrip(".")
        schedule.due_at = now + INVALID_SCHEDULE_RETRY


def queue_run(session: Session, schedule: ExportSchedule, due_at: datetime) -> ExportRun:
    """Queue the run of a schedule for a due time, which it has once; return the run."""
    run = export_runs.run_of(session, schedule.id, due_at) or _build_run(schedule, due_at)
    run.state, run.attempts, run.started_at = RunState.QUEUED, 0, None
    run.finished_at = run.reported_at = run.retry_at = run.error = None
    run.path = run.manifest_sha256 = run.location = None
    session.add(run)
    return run


def correct_due_times(session: Session, now: datetime) -> None:
    """Bring schedules forward whose next run was computed while the clock was ahead."""
    acquire_advisory_lock(session, "queue_exports")
    for schedule in export_runs.all_schedules(session):
        with suppress(BotError):
            due_at = next_run(CronSchedule(schedule.cron, schedule.tz), now)
            schedule.due_at = min(schedule.due_at or due_at, due_at)
            session.add(schedule)


def queue_final_runs(session: Session, campaign: Campaign, actor: Actor) -> int:
    """Queue a last run for every schedule of a campaign that is being closed; return how many.

    A schedule that depends on answers has none if its last run had all of them.
    """
    answers = progress.count_answers(session, id_of(campaign))
    due = [
        schedule
        for schedule in export_runs.schedules_of(session, id_of(campaign))
        if schedule.cron
        or answers != schedule.counted_answers
        or not export_runs.has_run(session, schedule.id)
    ]
    session.add_all(_build_run(schedule, actor.at) for schedule in due)
    return len(due)


def _build_run(schedule: ExportSchedule, due_at: datetime) -> ExportRun:
    return ExportRun(
        campaign_id=schedule.campaign_id,
        schedule_id=schedule.id,
        format=schedule.format,
        directory=schedule.directory,
        destination=schedule.destination,
        channel=schedule.channel,
        options=schedule.options,
        due_at=due_at,
    )


def _destination_details(destination: str | None) -> dict[str, object]:
    return {"destination": destination} if destination else {}


def queue_export(
    session: Session, campaign: Campaign, request: ExportRequest, actor: Actor
) -> ExportRun:
    """Queue an export for now. If it was requested in Slack, the requester gets the result there.

    Raises:
        BotError: as `check_request`; nothing is queued.
    """
    check_request(campaign, request)
    run = ExportRun(
        campaign_id=id_of(campaign),
        format=request.format,
        directory=str(request.directory),
        destination=request.destination,
        requested_by=actor.name if actor.origin == SLACK else None,
        channel=request.channel,
        freezes=request.freezes,
        options=request.options.to_texts(),
        due_at=actor.at,
    )
    session.add(run)
    session.flush()
    details: dict[str, object] = {"format": request.format, **run.options}
    details |= {"freezes": True} if request.freezes else {}
    details |= _destination_details(request.destination)
    actor.record(session, "requested an export", subject_of(campaign), **details)
    return run
