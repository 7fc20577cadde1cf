"""Pausing, resuming and closing campaigns: typed, or by a button."""

from __future__ import annotations

from sqlmodel import Session

from bot.desk import Desk
from bot.services import campaigning, steering
from bot.services.steering import Ending
from bot.slack import ids
from bot.slack import steering as drawn
from bot.slack.cards import Drawn
from bot.slack.modals import shown_modal
from bot.slack.opening import open_view
from handlers.replying import reply
from handlers.triggers import Answer, Commanded, Pressed, Said, Submitted
from storage.tables import CampaignState

OPEN, PAUSED, CLOSED = CampaignState.OPEN, CampaignState.PAUSED, CampaignState.CLOSED


async def pause(desk: Desk, command: Commanded) -> Said:
    """Pause the campaign that is named, or show those that can be paused."""
    return await _steered(desk, command, PAUSED)


async def resume(desk: Desk, command: Commanded) -> Said:
    """Resume the campaign that is named, or show those that can be resumed."""
    return await _steered(desk, command, OPEN)


async def close(desk: Desk, command: Commanded) -> Said:
    """Ask before closing the campaign that is named, or show those that can be closed."""
    name = command.spoken.first
    if not name:
        return await _choice(desk, CLOSED)
    ending = await desk.db.read(_ending_named, name)
    if ending is None:
        return await _steered(desk, command, CLOSED)  # it was, so this only tells by whom
    desk.soon(
        open_view(desk.sender, command.trigger_id, drawn.closing(ending), command.response_url)
    )
    return None


async def press_pause(desk: Desk, press: Pressed) -> None:
    """Pause the campaign that the button is about."""
    await _press(desk, press, PAUSED)


async def press_resume(desk: Desk, press: Pressed) -> None:
    """Resume the campaign that the button is about."""
    await _press(desk, press, OPEN)


async def press_close(desk: Desk, press: Pressed) -> None:
    """Ask before closing the campaign that the button is about."""
    ending = await desk.db.read(_ending_numbered, press.button.about)
    if ending is None:
        await _press(desk, press, CLOSED)
        return
    view = drawn.closing(ending)
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


async def submit_close(desk: Desk, submitted: Submitted) -> Answer:
    """Close the campaign for good: it was asked about."""
    campaign_id = int(submitted.metadata) if ids.is_number(submitted.metadata) else 0
    moved = await desk.db.write(steering.steer_numbered, campaign_id, CLOSED, submitted.by)
    said = drawn.moved(moved, submitted.click.at)
    return {"response_action": "update", "view": shown_modal("Closed", said.blocks)}


async def _steered(desk: Desk, command: Commanded, to: CampaignState) -> Said:
    name = command.spoken.first
    if not name:
        return await _choice(desk, to)
    moved = await desk.db.write(steering.steer_named, name, to, command.by)
    return drawn.moved(moved, command.at)


async def _choice(desk: Desk, to: CampaignState) -> Drawn:
    found = await desk.db.read(steering.choosable, *steering.LEADS_TO[to])
    return drawn.pick(drawn.VERBS[to], drawn.DEEDS[to], found)


async def _press(desk: Desk, press: Pressed, to: CampaignState) -> None:
    moved = await desk.db.write(steering.steer_numbered, press.button.about, to, press.by)
    reply(desk, press, drawn.moved(moved, press.click.at))


def _ending_named(session: Session, name: str) -> Ending | None:
    return steering.ending(session, campaigning.campaign_named(session, name))


def _ending_numbered(session: Session, campaign_id: int) -> Ending | None:
    return steering.ending(session, campaigning.campaign_by_id(session, campaign_id))
