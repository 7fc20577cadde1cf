"""Threads of tasks: what people write there, and the parts of a long response."""

from __future__ import annotations

from sqlmodel import Session

from bot.errors import BotError
from bot.messages.threads import (
    DraftSavedMessage,
    DraftStatusMessage,
    IncomingFileMessage,
    IncomingMessage,
)
from bot.services.threads import thread_drafts, thread_messages
from bot.slack.client.files import fetch_text
from bot.slack.client.sender import Sender
from bot.slack.outbox.messages.send import AfterDelivery, update_in_place
from bot.slack.parsing.message_text import message_markdown
from bot.slack.views import short_messages
from storage.tables import OutboxMessage


async def deliver_draft_status(
    sender: Sender, _row: OutboxMessage, queued: DraftStatusMessage
) -> AfterDelivery:
    """Reply in the thread with the length of the draft and a button to save it."""
    draft = await sender.db.read(thread_drafts.draft_of, queued.assignment_id)
    message = short_messages.render_draft_status(queued.assignment_id, draft)
    await sender.post(queued.channel, message.text, message.blocks, queued.message_ts)
    return None


async def deliver_draft_saved(
    sender: Sender, row: OutboxMessage, queued: DraftSavedMessage
) -> AfterDelivery:
    """Replace the draft status with the receipt of the saved response."""
    message = short_messages.render_draft_saved(queued.characters)
    await update_in_place(sender, row, message, (queued.channel, queued.message_ts))
    return None


async def deliver_incoming_message(
    sender: Sender, _row: OutboxMessage, queued: IncomingMessage
) -> AfterDelivery:
    """Handle a message that a person wrote to the bot."""
    text, now = message_markdown({"text": queued.text, "blocks": queued.blocks}), sender.clock.now()

    def record_message(session: Session) -> None:
        thread_messages.handle_message(session, queued, text, now)

    return record_message


async def deliver_incoming_file(
    sender: Sender, _row: OutboxMessage, queued: IncomingFileMessage
) -> AfterDelivery:
    """Download a text file from the thread and add it to the draft, or reply why that failed."""
    now = sender.clock.now()
    try:
        slack_url = sender.client.base_url
        text = await fetch_text(queued.url, queued.name, sender.token, slack_url)
        await sender.db.write(thread_drafts.add_part, queued.assignment_id, queued.ts, text, now)
    except BotError as error:
        message = short_messages.render_text(str(error))
        await sender.post(queued.channel, message.text, message.blocks, queued.message_ts)
    return None
