"""Messages to experts who were away or inactive: welcome back, opt-out question, replies."""

from __future__ import annotations

from bot.messages.texts import TextInPlaceMessage
from bot.messages.welcome_back import OptOutQuestionMessage, WelcomeBackMessage
from bot.services.experts import time_off
from bot.services.tasks import expert_progress
from bot.slack.client.sender import Sender
from bot.slack.outbox.messages.send import (
    AfterDelivery,
    is_outside_work_hours,
    post_to_recipient,
    try_update_in_place,
)
from bot.slack.views import availability_messages, short_messages
from storage.tables import OutboxMessage


async def deliver_welcome_back(
    sender: Sender, row: OutboxMessage, queued: WelcomeBackMessage
) -> AfterDelivery:
    """Send an expert who is back a summary of open and reassigned tasks, or postpone it."""
    if await is_outside_work_hours(sender, row.recipient):
        return lambda session: time_off.postpone_welcome(session, row.recipient)
    progress = await sender.db.read(expert_progress.progress_of, row.recipient, sender.clock.now())
    if progress:
        message = availability_messages.render_welcome_back(progress, queued.reassigned)
        await post_to_recipient(sender, row, message)
    return None


async def deliver_opt_out_question(
    sender: Sender, row: OutboxMessage, _queued: OptOutQuestionMessage
) -> AfterDelivery:
    """Ask an expert who left several reminders unanswered whether they still want tasks."""
    if not await is_outside_work_hours(sender, row.recipient):
        await post_to_recipient(sender, row, availability_messages.render_opt_out_question())
    return None


async def deliver_text_in_place(
    sender: Sender, row: OutboxMessage, queued: TextInPlaceMessage
) -> AfterDelivery:
    """Replace the message of the interaction with a text, or post the text as a new message."""
    message = short_messages.render_text(queued.text)
    if not await try_update_in_place(sender, row, message, (queued.channel, queued.message_ts)):
        await post_to_recipient(sender, row, message, queued.channel)
    return None
