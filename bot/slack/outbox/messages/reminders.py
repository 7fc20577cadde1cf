"""Reminders, and plain texts to a person."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from bot.messages.reminders import TaskReminderMessage
from bot.messages.texts import TextMessage
from bot.slack.client.sender import Sender
from bot.slack.outbox.messages.send import (
    AfterDelivery,
    is_outside_work_hours,
    post_text,
    post_to_recipient,
)
from bot.slack.views import short_messages
from storage.tables import Assignment, AssignmentState, Campaign, OutboxMessage


async def deliver_reminder(
    sender: Sender, row: OutboxMessage, queued: TaskReminderMessage
) -> AfterDelivery:
    """Send one reminder for all open tasks, with a button for the next one."""
    titles = await sender.db.read(_open_campaign_titles, queued.assignment_ids)
    if not titles:
        return None
    if await is_outside_work_hours(sender, row.recipient):
        return None
    message = short_messages.render_reminder(titles, queued.stage)
    await post_to_recipient(sender, row, message)
    return None


async def deliver_text(sender: Sender, row: OutboxMessage, queued: TextMessage) -> AfterDelivery:
    """Send a text to a person, in the DM or in a thread."""
    return await post_text(sender, row, queued.text, queued.channel, queued.thread_ts)


def _open_campaign_titles(session: Session, assignment_ids: Sequence[int]) -> list[str]:
    """Return the campaign titles of those assignments that are still open."""
    assignments = [session.get_one(Assignment, assignment_id) for assignment_id in assignment_ids]
    return [
        session.get_one(Campaign, assignment.campaign_id).title
        for assignment in assignments
        if assignment.state == AssignmentState.DELIVERED
    ]
