"""How far people and campaigns are, for whoever types or presses for it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.desk import Desk
from bot.services import campaigning, overviewing, surveying, tallying
from bot.services.overviewing import Picture
from bot.slack import home, overview, picture
from bot.slack.cards import Drawn
from handlers.replying import reply
from handlers.triggers import Commanded, Pressed, Said
from storage.queries import telling
from storage.tables import Role


async def tell_status(desk: Desk, command: Commanded) -> Said:
    """Tell people how far they are, and coordinators how campaigns go, or the one they name."""
    progress = await desk.db.read(tallying.progress_of, command.person, command.at)
    own = home.in_words(progress) if progress else ""
    if await desk.role_of(command.person) != Role.COORDINATOR:
        return own or home.NOBODY
    if command.spoken.first:
        return await _whole(desk, await desk.db.read(_number, command.spoken.first))
    return overview.campaigns(await desk.db.read(overviewing.overviews, command.at), own)


async def show_campaign(desk: Desk, press: Pressed) -> None:
    """Show the whole picture of the campaign that the button is about, or that was picked."""
    in_modal = not press.click.response_url
    reply(desk, press, await _whole(desk, press.button.about, in_modal=in_modal))


async def draw_chart(desk: Desk, press: Pressed) -> None:
    """Send a chart of the campaign to whoever asks, in their direct messages."""
    facts = {"campaign": press.button.about}
    await desk.db.read(campaigning.campaign_by_id, press.button.about)
    await desk.db.write(
        telling.put, "chart", lane=press.click.person, facts=facts, now=press.click.at
    )


async def _whole(desk: Desk, campaign_id: int, *, in_modal: bool = False) -> Drawn:
    now = desk.clock.now()
    await desk.db.read(campaigning.campaign_by_id, campaign_id)
    if await desk.db.read(_is_to_be_surveyed, campaign_id, now):
        seen = await desk.db.read(surveying.survey, campaign_id)
        await desk.db.write(surveying.keep, campaign_id, seen, now)
    found = await desk.db.read(_picture, campaign_id, now)
    return picture.whole(found, now, in_modal=in_modal)


def _is_to_be_surveyed(session: Session, campaign_id: int, now: datetime) -> bool:
    """Say whether answers came that can be counted while somebody waits; else the clock does it."""
    is_current = surveying.is_current(session, campaign_id, now, surveying.AT_ONCE)
    return not is_current and surveying.is_quick(session, campaign_id)


def _number(session: Session, name: str) -> int:
    return campaigning.campaign_named(session, name).id or 0


def _picture(session: Session, campaign_id: int, now: datetime) -> Picture:
    campaign = campaigning.campaign_by_id(session, campaign_id)
    return overviewing.picture(session, campaign, now)
