"""Export jobs: the runs that are queued for schedules."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cron import CronSchedule, count_runs, next_run
from bot.errors import BotError
from bot.services.actors.actor import Actor
from bot.webhooks.events import ExportFailed
from storage.queries import export_runs, progress, webhook_deliveries
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.row_id import id_of
from storage.tables import Campaign, ExportRun, ExportSchedule, RunState

MAX_COUNTED_RUNS = 1000
"""Up to how many missed runs of a schedule are counted."""

INVALID_SCHEDULE_RETRY = timedelta(days=1)
"""When a schedule is tried again that this installation cannot read."""


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
        session.flush()
        event = ExportFailed(id_of(run))
        webhook_deliveries.queue_event(session, event, campaign_id=run.campaign_id, now=now)


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
