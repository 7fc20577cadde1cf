"""Threads of tasks: what people write there, and the parts of a long response."""

from __future__ import annotations

from sqlmodel import Session

from bot.errors import BotError
from bot.services.threads import thread_drafts, thread_messages
from bot.slack.client.files import fetch_text
from bot.slack.client.sender import Sender
from bot.slack.outbox.messages.send import AfterDelivery, update_in_place
from bot.slack.parsing.message_text import message_markdown
from bot.slack.views import short_messages
from storage.tables import OutboxMessage


async def deliver_draft_status(sender: Sender, row: OutboxMessage) -> AfterDelivery:
    """Reply in the thread with the length of the draft and a button to save it."""
    draft = await sender.db.read(thread_drafts.draft_of, row.payload["assignment_id"])
    message = short_messages.render_draft_status(row.payload["assignment_id"], draft)
    channel, thread_ts = row.payload["channel"], row.payload["message_ts"]
    await sender.post(channel, message.text, message.blocks, thread_ts)
    return None


async def deliver_draft_saved(sender: Sender, row: OutboxMessage) -> AfterDelivery:
    """Replace the draft status with the receipt of the saved response."""
    await update_in_place(sender, row, short_messages.render_draft_saved(row.payload["characters"]))
    return None


async def deliver_incoming_message(sender: Sender, row: OutboxMessage) -> AfterDelivery:
    """Handle a message that a person wrote to the bot."""
    text, now = message_markdown(row.payload), sender.clock.now()
    message = {"user": row.recipient, **row.payload}

    def record_message(session: Session) -> None:
        thread_messages.handle_message(session, message, text, now)

    return record_message


async def deliver_incoming_file(sender: Sender, row: OutboxMessage) -> AfterDelivery:
    """Download a text file from the thread and add it to the draft, or reply why that failed."""
    payload = row.payload
    now = sender.clock.now()
    try:
        slack_url = sender.client.base_url
        text = await fetch_text(payload["url"], payload["name"], sender.token, slack_url)
        await sender.db.write(
            thread_drafts.add_part, payload["assignment_id"], payload["ts"], text, now
        )
    except BotError as error:
        message = short_messages.render_text(str(error))
        await sender.post(payload["channel"], message.text, message.blocks, payload["message_ts"])
    return None
