"""The guidelines of a campaign, changed in a window."""

from __future__ import annotations

from sqlmodel import Session

from bot.desk import Desk
from bot.errors import BotError, FieldsError
from bot.services import campaigning, guiding, steering
from bot.services.checking import BadLinkError
from bot.services.directing import By
from bot.slack import guiding as drawn
from bot.slack.guiding import Changed, Guidelines
from bot.slack.opening import open_view
from bot.slack.steering import pick
from handlers.triggers import Answer, Commanded, Pressed, Said, Submitted
from storage.tables import Campaign, CampaignState


class ChangedMeanwhileError(BotError):
    """Somebody changed these guidelines meanwhile; copy your text, and open them again."""


async def open_guidelines(desk: Desk, command: Commanded) -> Said:
    """Open the guidelines of the campaign that is named, or show the campaigns there are."""
    name = command.spoken.first
    if not name:
        found = await desk.db.read(steering.choosable, CampaignState.OPEN, CampaignState.PAUSED)
        return pick("Guidelines of", "guidelines", found)
    now = await desk.db.read(_named, name)
    desk.soon(open_view(desk.sender, command.trigger_id, drawn.draw(now), command.response_url))
    return None


async def press_guidelines(desk: Desk, press: Pressed) -> None:
    """Open the guidelines of the campaign that the button is about."""
    view = drawn.draw(await desk.db.read(_numbered, press.button.about))
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


async def submit_guidelines(desk: Desk, submitted: Submitted) -> Answer:
    """Put what was written in force, unless somebody else was quicker."""
    changed = drawn.read(submitted.values, submitted.metadata)
    try:
        version = await desk.db.write(_change, changed, submitted.by)
    except BadLinkError as error:
        raise FieldsError({"link": str(error)}) from error
    return {"response_action": "update", "view": drawn.saved(version)}


def _named(session: Session, name: str) -> Guidelines:
    return _guidelines(campaigning.campaign_named(session, name))


def _numbered(session: Session, campaign_id: int) -> Guidelines:
    return _guidelines(campaigning.campaign_by_id(session, campaign_id))


def _guidelines(campaign: Campaign) -> Guidelines:
    return Guidelines(
        campaign=campaign.id or 0,
        name=campaign.name,
        version=campaign.guidelines_version,
        text=campaign.guidelines,
        link=campaign.guidelines_link or "",
    )


def _change(session: Session, changed: Changed, by: By) -> int:
    campaign = campaigning.campaign_by_id(session, changed.campaign, lock=True)
    campaigning.check_open(campaign)
    if campaign.guidelines_version != changed.version:
        raise ChangedMeanwhileError
    return guiding.change(session, campaign, changed.text, changed.note, by, link=changed.link)
