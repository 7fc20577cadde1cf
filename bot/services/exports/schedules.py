"""Planning the exports of a campaign that goes on, and giving a plan up."""

from __future__ import annotations

from sqlmodel import Session

from bot.cron import CronSchedule
from bot.errors import BotError
from bot.services.actors.actor import Actor, subject_of
from bot.services.exports import jobs
from bot.services.exports.jobs import ExportRequest
from storage.tables import Campaign, CampaignState, ExportSchedule


class ClosedScheduleError(BotError):
    """The campaign “{name}” is closed, so nothing new comes; export it once instead."""


class GoneScheduleError(BotError):
    """This schedule is not there any more; `/label schedule` shows those that are."""


def add_schedule(
    session: Session,
    campaign: Campaign,
    request: ExportRequest,
    recurrence: CronSchedule,
    actor: Actor,
) -> None:
    """Export a campaign again and again.

    Raises:
        ClosedScheduleError: nothing new comes into it.
        BadCronError, UnknownZoneError, NotFoundError, UnsuitableFormatError: nothing is planned.
    """
    if campaign.state == CampaignState.CLOSED:
        raise ClosedScheduleError(name=campaign.name)
    jobs.schedule_export(session, campaign, request, recurrence, actor)
    session.flush()


def remove_schedule(session: Session, schedule_id: int, actor: Actor) -> Campaign:
    """Remove a schedule, and return its campaign. What it exported stays.

    Raises:
        GoneScheduleError: there is none of this number.
    """
    schedule = session.get(ExportSchedule, schedule_id)
    if schedule is None:
        raise GoneScheduleError
    campaign = session.get_one(Campaign, schedule.campaign_id)
    details = {"format": schedule.format, "cron": schedule.cron, "tz": schedule.tz}
    session.delete(schedule)
    session.flush()
    actor.record(session, "removed a schedule", subject_of(campaign), **details)
    return campaign
