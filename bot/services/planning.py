"""Planning the exports of a campaign that goes on, and giving a plan up."""

from __future__ import annotations

from sqlmodel import Session

from bot.errors import BotError
from bot.recurring import Rhythm
from bot.services import scheduling
from bot.services.directing import By, subject_of
from bot.services.scheduling import Wanted
from storage.tables import Campaign, CampaignState, ExportSchedule


class ClosedScheduleError(BotError):
    """The campaign “{name}” is closed, so nothing new comes; export it once instead."""


class GoneScheduleError(BotError):
    """This schedule is not there any more; `/label schedule` shows those that are."""


def plan(session: Session, campaign: Campaign, wanted: Wanted, rhythm: Rhythm, by: By) -> None:
    """Export a campaign again and again.

    Raises:
        ClosedScheduleError: nothing new comes into it.
        BadCronError, UnknownZoneError, NotFoundError, UnsuitableFormatError: nothing is planned.
    """
    if campaign.state == CampaignState.CLOSED:
        raise ClosedScheduleError(name=campaign.name)
    scheduling.schedule_export(session, campaign, wanted, rhythm, by)
    session.flush()


def unschedule(session: Session, schedule_id: int, by: By) -> Campaign:
    """Remove a schedule, and return its campaign. What it exported stays.

    Raises:
        GoneScheduleError: there is none of this number.
    """
    schedule = session.get(ExportSchedule, schedule_id)
    if schedule is None:
        raise GoneScheduleError
    campaign = session.get_one(Campaign, schedule.campaign_id)
    facts = {"format": schedule.format, "cron": schedule.cron, "tz": schedule.tz}
    session.delete(schedule)
    session.flush()
    by.record(session, "removed a schedule", subject_of(campaign), **facts)
    return campaign
