"""Reminding by a coordinator's hand, for whoever types for it."""

from __future__ import annotations

from sqlmodel import Session

from bot.desk import Desk
from bot.services import campaigning, urging
from bot.services.directing import By
from bot.services.urging import Urged
from bot.slack import urging as drawn
from bot.slack.profiles import fetch_quiet
from handlers.triggers import Commanded, Said

MOST_ASKED = 50
"""People whom Slack is asked about at once; what is known of others counts as it is."""

BEGUN = "I look who may be disturbed now, and tell you here who was left alone."


async def remind(desk: Desk, command: Commanded) -> Said:
    """Remind those who hold tasks of the campaign that is named, or of any."""
    name = command.spoken.first
    campaign_id = await desk.db.read(_number, name) if name else None
    desk.soon(_urge(desk, command, campaign_id))
    return BEGUN


async def _urge(desk: Desk, command: Commanded, campaign_id: int | None) -> None:
    unsure = await desk.db.read(urging.unsure, campaign_id, command.at)
    if unsure:
        await fetch_quiet(desk.sender, unsure[:MOST_ASKED])
    urged = await desk.db.write(_urged, campaign_id, command.by)
    desk.wake()
    if command.response_url:
        said = drawn.urged(urged)
        message = {"response_type": "ephemeral", "text": said.text, "blocks": said.blocks}
        await desk.sender.respond(command.response_url, message)


def _number(session: Session, name: str) -> int:
    campaign = campaigning.campaign_named(session, name)
    campaigning.check_open(campaign)
    return campaign.id or 0


def _urged(session: Session, campaign_id: int | None, by: By) -> Urged:
    campaign = campaigning.campaign_by_id(session, campaign_id) if campaign_id else None
    return urging.urge(session, campaign, by)
