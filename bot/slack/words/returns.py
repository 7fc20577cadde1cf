"""Coming back, staying or leaving: what is said to somebody who was silent or away."""

from __future__ import annotations

from bot.services import resting, tallying
from bot.slack import notes, regards
from bot.slack.sending import Sender
from bot.slack.words.saying import Note, direct, in_place, is_bad_time
from storage.tables import Outbox


async def say_welcome(sender: Sender, row: Outbox) -> Note:
    """Somebody is back: once, what waits and what moved on."""
    if await is_bad_time(sender, row.lane):
        return lambda session: resting.put_off_welcome(session, row.lane)
    progress = await sender.db.read(tallying.progress_of, row.lane, sender.clock.now())
    if progress:
        await direct(sender, row, regards.welcome(progress, row.facts["moved"]))
    return None


async def say_stay(sender: Sender, row: Outbox) -> Note:
    """Somebody does not answer: do they still want this?"""
    if not await is_bad_time(sender, row.lane):
        await direct(sender, row, regards.still_want_this())
    return None


async def say_instead(sender: Sender, row: Outbox) -> Note:
    """A sentence takes the place of the message whose button was pressed, or comes by itself."""
    drawn = notes.plain_words(row.facts["words"])
    if not await in_place(sender, row, drawn):
        await direct(sender, row, drawn)
    return None
