"""Handing tasks to certain people: typed in one line, or asked for in a window."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from bot.desk import Desk
from bot.errors import BotError
from bot.services import allotting, campaigning, steering
from bot.services.allotting import Handed, Portion
from bot.services.directing import By
from bot.slack import allotting as drawn
from bot.slack.ids import is_number
from bot.slack.modals import shown_modal
from bot.slack.opening import open_view
from bot.slack.spoken import Spoken
from bot.slack.steering import pick
from handlers.triggers import Answer, Commanded, Pressed, Said, Submitted
from storage.tables import Campaign, CampaignState


class NoCampaignNamedError(BotError):
    """Say tasks of which campaign they get, as in `/label assign @ada jokes 5`."""


async def assign(desk: Desk, command: Commanded) -> Said:
    """Hand out what is named; where people are missing ask for them, where all is, for a campaign.

    Raises:
        NoCampaignNamedError: there are people, and no campaign.
    """
    spoken = command.spoken
    if not spoken.words:
        if spoken.people:
            raise NoCampaignNamedError
        return pick("Assign", "assign", await desk.db.read(steering.choosable, CampaignState.OPEN))
    if not spoken.people:
        view = await desk.db.read(_window_named, spoken.first)
        desk.soon(open_view(desk.sender, command.trigger_id, view, command.response_url))
        return None
    results = await desk.db.write(_typed, spoken, command.by)
    return drawn.handed(spoken.first, results)


async def press_assign(desk: Desk, press: Pressed) -> None:
    """Ask who gets tasks of the campaign that the button is about."""
    view = await desk.db.read(_window_numbered, press.button.about)
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


async def submit_assign(desk: Desk, submitted: Submitted) -> Answer:
    """Hand out what the window asks for."""
    number = int(submitted.metadata) if is_number(submitted.metadata) else 0
    people, wanted = drawn.read(submitted.values)

    def hand_out(session: Session) -> tuple[str, list[Handed]]:
        campaign = campaigning.campaign_by_id(session, number, lock=True)
        return campaign.name, _handed(session, campaign, people, wanted, submitted.by)

    name, results = await desk.db.write(hand_out)
    view = shown_modal("Hand out tasks", drawn.handed(name, results).blocks)
    return {"response_action": "update", "view": view}


def _window_named(session: Session, name: str) -> dict[str, Any]:
    return _window(campaigning.campaign_named(session, name))


def _window_numbered(session: Session, campaign_id: int) -> dict[str, Any]:
    return _window(campaigning.campaign_by_id(session, campaign_id))


def _window(campaign: Campaign) -> dict[str, Any]:
    allotting.check_open(campaign)
    return drawn.window(campaign.id or 0, campaign.title)


def _typed(session: Session, spoken: Spoken, by: By) -> list[Handed]:
    name, *rest = spoken.words
    campaign = campaigning.campaign_named(session, name, lock=True)
    wanted = _portion(rest[0] if rest else "1", spoken.options.get("item", ""))
    return _handed(session, campaign, spoken.people, wanted, by)


def _handed(
    session: Session, campaign: Campaign, people: tuple[str, ...], wanted: Portion, by: By
) -> list[Handed]:
    return [allotting.allot(session, campaign, one, wanted, by) for one in people]


def _portion(word: str, item: str) -> Portion:
    if item or not is_number(word):
        return Portion(item=item or word)
    return Portion(most=int(word))
