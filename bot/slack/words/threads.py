"""Threads: what people write there, the pieces of a long response, and what is said about them."""

from __future__ import annotations

from sqlmodel import Session

from bot.errors import BotError
from bot.services import listening, writing
from bot.slack import notes
from bot.slack.fetching import fetch_text
from bot.slack.sending import Sender
from bot.slack.words.saying import Note, in_place
from bot.slack.written import text_of
from storage.tables import Outbox


async def say_piece(sender: Sender, row: Outbox) -> Note:
    """In the thread: how much of the response is there, and the button that saves it."""
    draft = await sender.db.read(writing.draft_of, row.facts["assignment"])
    drawn = notes.piece(row.facts["assignment"], draft)
    channel, thread_ts = row.facts["channel"], row.facts["message_ts"]
    await sender.post(channel, drawn.text, drawn.blocks, thread_ts)
    return None


async def say_saved(sender: Sender, row: Outbox) -> Note:
    """In the thread: the response is stored."""
    await in_place(sender, row, notes.saved(row.facts["characters"]))
    return None


async def take_message(sender: Sender, row: Outbox) -> Note:
    """Understand what a person wrote."""
    text, now = text_of(row.facts), sender.clock.now()
    message = {"user": row.lane, **row.facts}

    def note(session: Session) -> None:
        listening.understand(session, message, text, now)

    return note


async def take_file(sender: Sender, row: Outbox) -> Note:
    """Fetch a text file from the thread and add it to the response; say so if it can not be."""
    facts = row.facts
    now = sender.clock.now()
    try:
        home = sender.client.base_url
        text = await fetch_text(facts["url"], facts["name"], sender.token, home)
        await sender.db.write(writing.add_piece, facts["assignment"], facts["ts"], text, now)
    except BotError as error:
        drawn = notes.plain_words(str(error))
        await sender.post(facts["channel"], drawn.text, drawn.blocks, facts["message_ts"])
    return None
