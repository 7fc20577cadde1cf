"""Practice: the message to coordinators about an expert who failed."""

from __future__ import annotations

from bot.messages.practice import PracticeFailureMessage
from bot.slack.client.sender import Sender
from bot.slack.outbox.messages.send import AfterDelivery, post_to_recipient, update_in_place
from bot.slack.views.practice import render_practice_failure
from storage.queries import practice
from storage.tables import OutboxMessage


async def deliver_practice_failure(
    sender: Sender, row: OutboxMessage, queued: PracticeFailureMessage
) -> AfterDelivery:
    """Tell coordinators of an expert who failed, or update the message; not of one who left."""
    member = await sender.db.read(practice.member_of, queued.campaign_id, queued.expert_slack_id)
    if member is None:
        return None
    message = render_practice_failure(member)
    if queued.message_ts:
        await update_in_place(sender, row, message, (queued.channel, queued.message_ts))
    else:
        await post_to_recipient(sender, row, message, queued.channel)
    return None
