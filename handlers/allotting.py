"""Handing tasks to certain people, for whoever types for it."""

from __future__ import annotations

from sqlmodel import Session

from bot.desk import Desk
from bot.errors import BotError
from bot.services import allotting, campaigning
from bot.services.allotting import Handed, Portion
from bot.services.directing import By
from bot.slack import allotting as drawn
from bot.slack.ids import is_number
from bot.slack.spoken import Spoken
from handlers.triggers import Commanded, Said


class NobodyNamedError(BotError):
    """Say who gets tasks of which campaign, as in `/label assign @ada jokes 5`."""


async def assign(desk: Desk, command: Commanded) -> Said:
    """Hand the next tasks of a campaign, or one certain task, to the people who are named."""
    spoken = command.spoken
    if not spoken.people or not spoken.words:
        raise NobodyNamedError
    results = await desk.db.write(_handed, spoken, command.by)
    return drawn.handed(spoken.first, results)


def _handed(session: Session, spoken: Spoken, by: By) -> list[Handed]:
    name, *rest = spoken.words
    campaign = campaigning.campaign_named(session, name, lock=True)
    wanted = _portion(rest[0] if rest else "1", spoken.options.get("item", ""))
    return [allotting.allot(session, campaign, one, wanted, by) for one in spoken.people]


def _portion(word: str, item: str) -> Portion:
    if item or not is_number(word):
        return Portion(item=item or word)
    return Portion(most=int(word))
