"""Messages with tasks: the next task, the receipt of the last, and updates of older messages."""

from __future__ import annotations

from sqlmodel import Session

from bot.messages.media import TaskImagesMessage
from bot.messages.queued_message import Priority
from bot.messages.tasks import (
    ExpiredMessage,
    NewTaskMessage,
    RecentAnswerMessage,
    ReleasedMessage,
    SupersededMessage,
    TaskPageMessage,
    UnassignedMessage,
)
from bot.services.experts.welcome import welcome_before
from bot.services.tasks import next_task as next_task_service
from bot.services.tasks import scheduled_delivery
from bot.services.tasks.next_task import TaskPage, TaskView
from bot.slack.blockkit.message import Message
from bot.slack.client.sender import Sender
from bot.slack.outbox.messages.formulas import draw_formulas
from bot.slack.outbox.messages.media import (
    ShownMessage,
    media_messages,
    require_no_images_coming,
    show_message,
)
from bot.slack.outbox.messages.send import AfterDelivery, try_update_in_place, update_in_place
from bot.slack.views import short_messages, task_message
from bot.slack.views.welcome import render_welcome
from storage.queries import experts, outbox, tasks
from storage.queries.assignments import record_message, update_assignment
from storage.row_id import id_of
from storage.tables import Assignment, AssignmentState, OutboxMessage


async def deliver_task_page(
    sender: Sender, row: OutboxMessage, queued: TaskPageMessage
) -> AfterDelivery:
    """After an action, replace its message with the receipt and the next task."""
    answered_id = queued.assignment_id
    page = await _next_page(sender, row, answered_id, is_asked=answered_id is None)
    if page is None:
        return None
    message = task_message.render_task_page(page)
    clicked = await _find_clicked_message(sender, queued)

    async def send() -> tuple[str, str]:
        is_free = await sender.db.read(_can_be_replaced, row.recipient, *clicked)
        if is_free and await try_update_in_place(sender, row, message, clicked):
            return clicked
        return await _post_page(sender, row.recipient, page, message)

    return _after_page_shown(sender, row, page, await show_message(sender, message, send))


async def deliver_new_task(
    sender: Sender, row: OutboxMessage, queued: NewTaskMessage
) -> AfterDelivery:
    """Send the next task as a new message: because it is new, or because the expert asked."""
    is_asked = queued.is_requested
    if queued.is_dispatched and await sender.db.write(
        scheduled_delivery.withdraw_if_unreachable, row.recipient, sender.clock.now()
    ):
        return None
    page = await _next_page(sender, row, None, is_asked=is_asked)
    if page is None or not (page.task or page.limit_reached or is_asked):
        return None
    message = await _render_welcome(sender, queued, page) or task_message.render_task_page(page)

    async def send() -> tuple[str, str]:
        return await _post_page(sender, row.recipient, page, message)

    return _after_page_shown(sender, row, page, await show_message(sender, message, send))


async def _render_welcome(sender: Sender, queued: NewTaskMessage, page: TaskPage) -> Message | None:
    """Return the welcome if the bot sends the expert the first task of a campaign unasked."""
    if not queued.is_dispatched or page.task is None:
        return None
    welcome = await sender.db.read(welcome_before, page.task.id, sender.clock.now())
    return render_welcome(welcome) if welcome else None


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


async def deliver_recent_answer(
    sender: Sender, row: OutboxMessage, queued: RecentAnswerMessage
) -> AfterDelivery:
    """Send an answered task again with its answer, so that it can be changed."""
    assignment = await sender.db.read(_get_assignment, queued.assignment_id)
    task = await sender.db.read(next_task_service.task_view, assignment)
    message = task_message.render_recent_answer(task)
    channel = task.channel or await sender.direct_channel(row.recipient)
    ts = await sender.post(channel, message.text, message.blocks)
    shown = ShownMessage(message, (sender.posted_channel(channel), ts), lacks_images=False)
    return _after_task_shown(sender, row.recipient, task, shown)


async def _find_clicked_message(sender: Sender, queued: TaskPageMessage) -> tuple[str, str]:
    """Return the message of the interaction, or else the message that shows its task."""
    location = queued.channel or "", queued.message_ts or ""
    if all(location) or queued.assignment_id is None:
        return location
    task = await sender.db.read(_get_assignment, queued.assignment_id)
    return task.channel or "", task.message_ts or ""


async def _next_page(
    sender: Sender, row: OutboxMessage, answered_id: int | None, *, is_asked: bool
) -> TaskPage | None:
    now = sender.clock.now()
    next_task = await sender.db.write(
        next_task_service.decide_next_task, row.recipient, answered_id, now, is_requested=is_asked
    )
    page = await sender.db.read(next_task_service.build_page, next_task) if next_task else None
    if next_task and page and await draw_formulas(sender, page):
        page = await sender.db.read(next_task_service.build_page, next_task)
    return page


async def _post_page(
    sender: Sender, recipient: str, page: TaskPage, message: Message
) -> tuple[str, str]:
    channel = page.channel or await sender.direct_channel(recipient)
    ts = await sender.post(channel, message.text, message.blocks)
    return sender.posted_channel(channel), ts


def _after_page_shown(
    sender: Sender, row: OutboxMessage, page: TaskPage, shown: ShownMessage
) -> AfterDelivery:
    """Return a function that records where the task is shown, and once the DM of its expert."""
    receipt_id = page.receipt.assignment_id if page.receipt else None
    record_task = _after_task_shown(sender, row.recipient, page.task, shown, receipt_id)
    if record_task is None or page.channel:
        return record_task

    def record_page(session: Session) -> None:
        record_task(session)
        experts.set_first_channel(session, row.recipient, shown.location[0])

    return record_page


def _after_task_shown(
    sender: Sender,
    recipient: str,
    task: TaskView | None,
    shown: ShownMessage,
    receipt_id: int | None = None,
) -> AfterDelivery:
    """Return a function that records where the task is shown and queues what follows.

    What follows is the superseded update, audio and video, and missing images. Each is a message of
    its own: if it failed here, the task would be posted again.
    """
    if task is None:
        return None
    (channel, ts), now = shown.location, sender.clock.now()
    has_moved = (task.channel, task.message_ts) != (channel, ts)
    media = media_messages(task.form, shown.location) if has_moved else []

    def record_task(session: Session) -> None:
        if task.channel and task.message_ts and task.message_ts != ts:
            superseded = SupersededMessage(task.channel, task.message_ts)
            outbox.enqueue(session, superseded, recipient=recipient, now=now)
        for message in media:
            outbox.enqueue(session, message, recipient=channel, now=now)
        if shown.lacks_images:
            update = TaskImagesMessage(task.id, channel, ts, receipt_id)
            outbox.enqueue(session, update, recipient=channel, now=now)
        record_message(session, task.id, channel, ts, shown.message.shown)
        if media:
            update_assignment(session, task.id, has_thread=True)

    return record_task


def _can_be_replaced(session: Session, recipient: str, channel: str, ts: str) -> bool:
    """Return whether no update of the message is on its way, which would hide a new task.

    An update that begins later finds the page in the outbox (`_is_in_use`), and is dropped.

    Raises:
        LimitReachedError: the message gets images at the moment.
    """
    require_no_images_coming(session, channel, ts)
    updates = outbox.waiting_merge_keys(
        session, recipient, Priority.COSMETIC, only_in_delivery=True
    )
    return not updates or updates.isdisjoint(_update_keys(session, channel, ts))


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


def _update_keys(session: Session, channel: str, ts: str) -> set[str | None]:
    """Return the merge keys of the updates after which a message no longer shows its task."""
    ids = [id_of(row) for row in tasks.assignments_in_message(session, channel, ts)]
    types = (ExpiredMessage, ReleasedMessage, UnassignedMessage)
    of_tasks = {message_type(number).merge_key for message_type in types for number in ids}
    return {SupersededMessage(channel, ts).merge_key, *of_tasks}


def _get_assignment(session: Session, assignment_id: int) -> Assignment:
    return session.get_one(Assignment, assignment_id)
