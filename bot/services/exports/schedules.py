"""Export schedules: adding and removing them."""

from __future__ import annotations

from sqlmodel import Session

from bot.errors import BotError
from bot.services.actors.actor import Actor, subject_of
from bot.services.exports import jobs
from bot.services.exports.jobs import ExportRequest
from bot.services.exports.recurrence import Recurrence
from storage.queries import export_runs
from storage.tables import Campaign, CampaignState, ExportSchedule


class ClosedScheduleError(BotError):
    """The campaign “{name}” is closed and gets no new answers; export it once instead."""


class UnknownScheduleError(BotError):
    """This schedule no longer exists; `/label schedule` lists the current ones."""


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
    jobs.schedule_export(session, campaign, request, recurrence, actor)
    session.flush()


def remove_schedule(session: Session, schedule_id: int, actor: Actor) -> Campaign:
    """Remove a schedule and return its campaign; the exports it made stay.

    Raises:
        UnknownScheduleError: there is no such schedule.
    """
    schedule = session.get(ExportSchedule, schedule_id)
    if schedule is None:
        raise UnknownScheduleError
    campaign = session.get_one(Campaign, schedule.campaign_id)
    details = {"format": schedule.format, **jobs.recurrence_details(schedule)}
    export_runs.detach_runs(session, schedule_id)
    session.delete(schedule)
    session.flush()
    actor.record(session, "removed an export schedule", subject_of(campaign), **details)
    return campaign
