"""Updates of messages whose task is shown elsewhere, or is no longer the expert's."""

from __future__ import annotations

from sqlmodel import Session

from bot.messages.queued_message import Priority
from bot.messages.tasks import (
    ExpiredMessage,
    ReleasedMessage,
    SupersededMessage,
    TaskPageMessage,
    UnassignedMessage,
)
from bot.slack.blockkit.message import Message
from bot.slack.client.sender import Sender
from bot.slack.outbox.messages.send import AfterDelivery, update_in_place
from bot.slack.views import short_messages
from storage.queries import outbox, tasks
from storage.row_id import id_of
from storage.tables import Assignment, AssignmentState, OutboxMessage


async def deliver_superseded(
    sender: Sender, row: OutboxMessage, queued: SupersededMessage
) -> AfterDelivery:
    """Mark an older message of a task as superseded."""
    message = short_messages.render_superseded()
    await _update_old_message(sender, row, (queued.channel, queued.message_ts), message)
    return None


async def deliver_expired(
    sender: Sender, row: OutboxMessage, queued: ExpiredMessage
) -> AfterDelivery:
    """Update the message of an expired task: it moved on, and here is how to get another."""
    await _update_message_of(sender, row, queued.assignment_id, short_messages.render_expired())
    return None


async def deliver_unassigned(
    sender: Sender, row: OutboxMessage, queued: UnassignedMessage
) -> AfterDelivery:
    """Update the message of a task that a coordinator unassigned, reassigned or deleted."""
    message = short_messages.render_unassigned(
        is_excluded=queued.is_excluded, is_deleted=queued.is_deleted
    )
    await _update_message_of(sender, row, queued.assignment_id, message)
    return None


async def deliver_released(
    sender: Sender, row: OutboxMessage, queued: ReleasedMessage
) -> AfterDelivery:
    """Update the message of a task that was released because its expert is away or opted out."""
    message = short_messages.render_released(is_opt_out=queued.is_opt_out)
    await _update_message_of(sender, row, queued.assignment_id, message)
    return None


async def _update_message_of(
    sender: Sender, row: OutboxMessage, assignment_id: int, message: Message
) -> None:
    """Replace the message of a task that its expert no longer has, if it was posted."""
    assignment = await sender.db.read(_get_assignment, assignment_id)
    if assignment.channel and assignment.message_ts:
        location = assignment.channel, assignment.message_ts
        await _update_old_message(sender, row, location, message)


async def _update_old_message(
    sender: Sender, row: OutboxMessage, location: tuple[str, str], message: Message
) -> None:
    """Replace a message, unless it shows another open task by now, or soon."""
    if not await sender.db.read(_is_in_use, row.recipient, *location):
        await update_in_place(sender, row, message, location)


def _is_in_use(session: Session, recipient: str, channel: str, ts: str) -> bool:
    """Return whether a message shows an open task, or a waiting page is about to show one in it."""
    # In this order: the task is recorded when the page no longer waits.
    pages = outbox.waiting_merge_keys(session, recipient, Priority.AWAITED)
    assignments = tasks.assignments_in_message(session, channel, ts)
    is_open = any(row.state == AssignmentState.DELIVERED for row in assignments)
    return is_open or not pages.isdisjoint(_page_keys(channel, ts, assignments))


def _page_keys(channel: str, ts: str, assignments: list[Assignment]) -> set[str]:
    """Return the merge keys of the pages that replace a message."""
    of_tasks = {TaskPageMessage(id_of(row), None, None).merge_key for row in assignments}
    return {TaskPageMessage(None, channel, ts).merge_key, *of_tasks}


def _get_assignment(session: Session, assignment_id: int) -> Assignment:
    return session.get_one(Assignment, assignment_id)
