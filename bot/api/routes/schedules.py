"""Export schedules of campaigns: list, add and remove."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from sqlmodel import Session

from bot.api.call import AdminCall, ReadCall
from bot.api.models import Outcome, ScheduleBody
from bot.api.pages import MAX_POSITION
from bot.api.routes.campaigns import CampaignName
from bot.api.routes.exports import export_request
from bot.services.actors.actor import Actor
from bot.services.exports import schedules
from bot.services.exports.recurrence import parse_recurrence
from bot.services.exports.schedules import ScheduleStatus, UnknownScheduleError

router = APIRouter()


@router.get("/campaigns/{campaign}/schedules")
def list_schedules(call: ReadCall, campaign: CampaignName) -> list[ScheduleStatus]:
    """List the export schedules of a campaign, with their last and next runs."""
    return call.read(
        lambda session: schedules.list_schedules(session, call.campaign(session, campaign))
    )


@router.post("/campaigns/{campaign}/schedules", status_code=201)
def add_schedule(call: AdminCall, campaign: CampaignName, body: ScheduleBody) -> ScheduleStatus:
    """Export a campaign on a schedule."""

    def add(session: Session, actor: Actor) -> ScheduleStatus:
        row = call.campaign(session, campaign, lock=True)
        recurrence = parse_recurrence(body.when, body.tz)
        schedules.add_schedule(session, row, export_request(call, row, body), recurrence, actor)
        return schedules.list_schedules(session, row)[-1]

    return call.change(add)


@router.delete("/campaigns/{campaign}/schedules/{number}")
def remove_schedule(
    call: AdminCall, campaign: CampaignName, number: Annotated[int, Path(ge=1, le=MAX_POSITION)]
) -> Outcome:
    """Remove an export schedule; existing exports stay."""

    def remove(session: Session, actor: Actor) -> Outcome:
        row = call.campaign(session, campaign, lock=True)
        if all(one.id != number for one in schedules.list_schedules(session, row)):
            raise UnknownScheduleError
        schedules.remove_schedule(session, number, actor)
        return Outcome(changed=1)

    return call.change(remove)
