"""The weekly summary, drawn from what holds when it is said."""

from __future__ import annotations

from bot.services import digesting
from bot.slack import digests
from bot.slack.sending import Sender
from bot.slack.words.saying import Note, direct
from storage.tables import Outbox


async def say_digest(sender: Sender, row: Outbox) -> Note:
    """What the last week brought; nothing where there is nothing to tell."""
    week = await sender.db.read(digesting.week, sender.clock.now())
    if not week.is_quiet:
        await direct(sender, row, digests.digest(week))
    return None
