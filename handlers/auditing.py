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
    """Show the events before those that are shown, or the newest where none are."""
    number, option = press.button.about, press.button.option
    before = (int(option) if ids.is_number(option) else 0) if option else None
    events = await desk.db.read(_page, number, before)
    page = drawn.page(events, number, press.click.at, is_first=before is None)
    reply(desk, press, page)


def _newest(session: Session, name: str) -> tuple[int, list[Event]]:
    campaign = campaigning.campaign_named(session, name) if name else None
    number = (campaign.id or 0) if campaign else 0
    return number, _page(session, number, None)


def _page(session: Session, campaign_id: int, before: int | None) -> list[Event]:
    campaign = campaigning.campaign_by_id(session, campaign_id) if campaign_id else None
    return auditing.events(session, campaign, before=before, most=drawn.PAGE + 1)
