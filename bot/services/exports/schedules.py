"""Export schedules: adding, removing and listing them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.cron import CronSchedule, next_run
from bot.errors import BotError
from bot.exports.row_options import DEFAULT_OPTIONS, RowOptions, parse_row_options
from bot.services.actors.actor import Actor, subject_of
from bot.services.exports.export_request import (
    ExportRequest,
    check_request,
    destination_details,
)
from bot.services.exports.recurrence import (
    AfterAnswers,
    OnCompletion,
    Recurrence,
    describe_recurrence,
    stored_recurrence,
)
from storage.queries import export_runs, progress
from storage.row_id import id_of
from storage.tables import Campaign, CampaignState, ExportRun, ExportSchedule


class ClosedScheduleError(BotError):
    """The campaign “{name}” is closed and gets no new answers; export it once instead."""


class UnknownScheduleError(BotError):
    """This schedule no longer exists; `/label schedule` lists the current ones."""


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


def add_schedule(
    session: Session,
    campaign: Campaign,
    request: ExportRequest,
    recurrence: Recurrence,
    actor: Actor,
) -> None:
    """Schedule an export of a campaign.

    Raises:
        ClosedScheduleError: the campaign is closed.
        InvalidCronError, UnknownTimeZoneError, NotFoundError, UnsupportedFormatError: nothing is
            scheduled.
    """
    if campaign.state == CampaignState.CLOSED:
        raise ClosedScheduleError(name=campaign.name)
    schedule_export(session, campaign, request, recurrence, actor)
    session.flush()


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
    check_request(session, campaign, request)
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
    details: dict[str, object] = {"format": request.format, **_recurrence_details(schedule)}
    details |= {**schedule.options, **destination_details(request.destination)}
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


def _recurrence_details(schedule: ExportSchedule) -> dict[str, object]:
    """Return when a schedule runs, for the audit log."""
    if schedule.cron:
        return {"cron": schedule.cron, "tz": schedule.tz}
    return (
        {"after_answers": schedule.after_answers}
        if schedule.after_answers
        else {"on_completion": True}
    )


def remove_schedule(session: Session, schedule_id: int, actor: Actor) -> Campaign:
    """Remove a schedule and return its campaign; the exports it made stay.

    Raises:
        UnknownScheduleError: there is no such schedule.
    """
    schedule = session.get(ExportSchedule, schedule_id)
    if schedule is None:
        raise UnknownScheduleError
    campaign = session.get_one(Campaign, schedule.campaign_id)
    details = {"format": schedule.format, **_recurrence_details(schedule)}
    export_runs.detach_runs(session, schedule_id)
    session.delete(schedule)
    session.flush()
    actor.record(session, "removed an export schedule", subject_of(campaign), **details)
    return campaign
