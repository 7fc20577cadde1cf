"""Reminding by a coordinator's hand, for whoever types for it."""

from __future__ import annotations

from sqlmodel import Session

from bot.desk import Desk
from bot.services import campaigning, urging
from bot.services.directing import By
from bot.services.urging import Urged
from bot.slack import urging as drawn
from bot.slack.profiles import fetch_quiet
from handlers.triggers import Commanded, Pressed, Said

MOST_ASKED = 50
"""People whom Slack is asked about at once; what is known of others counts as it is."""

BEGUN = "I look who may be disturbed now, and tell you here who was left alone."


async def remind(desk: Desk, command: Commanded) -> Said:
    """Remind those who hold tasks of the campaign that is named, or of any."""
    name = command.spoken.first
    campaign_id = await desk.db.read(_number, name) if name else None
    desk.soon(_urge(desk, command.by, command.response_url, campaign_id))
    return BEGUN


async def press_remind(desk: Desk, press: Pressed) -> None:
    """Remind those who hold tasks of the campaign that the button is about, or of any (0)."""
    number = press.button.about
    if number:
        await desk.db.read(_check, number)
    desk.soon(_urge(desk, press.by, press.click.response_url, number or None))


async def _urge(desk: Desk, by: By, response_url: str | None, campaign_id: int | None) -> None:
    unsure = await desk.db.read(urging.unsure, campaign_id, by.at)
    if unsure:
        await fetch_quiet(desk.sender, unsure[:MOST_ASKED])
    urged = await desk.db.write(_urged, campaign_id, by)
    desk.wake()
    if response_url:
        said = drawn.urged(urged)
        message = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": said.text,
            "blocks": said.blocks,
        }
        await desk.sender.respond(response_url, message)


def _check(session: Session, campaign_id: int) -> None:
    campaigning.check_open(campaigning.campaign_by_id(session, campaign_id))


def _number(session: Session, name: str) -> int:
    campaign = campaigning.campaign_named(session, name)
    campaigning.check_open(campaign)
    return campaign.id or 0


def _urged(session: Session, campaign_id: int | None, by: By) -> Urged:
    campaign = campaigning.campaign_by_id(session, campaign_id) if campaign_id else None
    return urging.urge(session, campaign, by)
