"""The audit trail, for whoever types for it: the newest page, then older ones."""

from __future__ import annotations

from sqlmodel import Session

from bot.desk import Desk
from bot.services import auditing, campaigning
from bot.services.auditing import Event
from bot.slack import auditing as drawn
from bot.slack import ids
from handlers.replying import reply
from handlers.triggers import Commanded, Pressed, Said


async def tell_trail(desk: Desk, command: Commanded) -> Said:
    """Show the newest events, of all campaigns or of the one that is named."""
    number, events = await desk.db.read(_newest, command.spoken.first)
    return drawn.page(events, number, command.at, is_first=True)


async def turn_trail(desk: Desk, press: Pressed) -> None:
    """Show the events before those that are shown."""
    option = press.button.option
    before = int(option) if ids.is_number(option) else 0
    events = await desk.db.read(_older, press.button.about, before)
    reply(desk, press, drawn.page(events, press.button.about, press.click.at, is_first=False))


def _newest(session: Session, name: str) -> tuple[int, list[Event]]:
    campaign = campaigning.campaign_named(session, name) if name else None
    events = auditing.events(session, campaign, most=drawn.PAGE + 1)
    return (campaign.id or 0) if campaign else 0, events


def _older(session: Session, campaign_id: int, before: int) -> list[Event]:
    campaign = campaigning.campaign_by_id(session, campaign_id) if campaign_id else None
    return auditing.events(session, campaign, before=before, most=drawn.PAGE + 1)
