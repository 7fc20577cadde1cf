"""Campaigns, told to whoever made one or sends for people: who is in, and what can be done now."""

from __future__ import annotations

from sqlmodel import Session

from bot.errors import BotError
from bot.services import campaigning, founding, inviting, previewing
from bot.services.auditing import SLACK
from bot.services.directing import By
from bot.services.inviting import Invitation
from bot.services.serving import TaskView
from bot.slack import founding as drawn
from bot.slack import notes
from bot.slack import previewing as pictures
from bot.slack.gathering import gather
from bot.slack.sending import Sender
from bot.slack.words.saying import Note, direct
from storage.tables import Outbox, Role


async def say_gathered(sender: Sender, row: Outbox) -> Note:
    """People were sent for: Slack is asked who they are, they are let in, and counted."""
    gathered = await gather(sender, row.facts)
    role = row.facts.get("role")
    invitation = Invitation(
        people=gathered.people,
        campaign=row.facts.get("campaign") or "",
        domains=row.facts.get("domains"),
        languages=row.facts.get("languages"),
        role=Role(role) if role else None,
    )
    by = By(row.lane, SLACK, sender.clock.now())
    try:
        invited = await sender.db.write(inviting.invite, invitation, by)
    except BotError as error:  # it was closed meanwhile, say
        await direct(sender, row, notes.plain_words(str(error)))
        return None
    await direct(sender, row, drawn.gathered(gathered, invited, invitation))
    return None


async def say_ready(sender: Sender, row: Outbox) -> Note:
    """A campaign is there: what it has, and what can be done with it."""
    now = await sender.db.read(founding.founded, row.facts["campaign"])
    await direct(sender, row, drawn.ready(now))
    return None


async def say_test(sender: Sender, row: Outbox) -> Note:
    """A task of a campaign, sent as a test."""
    task = await sender.db.read(_first, row)
    await direct(sender, row, pictures.test_message(task))
    return None


def _first(session: Session, row: Outbox) -> TaskView:
    campaign = campaigning.campaign_by_id(session, row.facts["campaign"])
    return previewing.preview(session, campaign, row.created_at)
