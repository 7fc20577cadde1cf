"""Messages with tasks: the next task with the receipt of the last, and answers to change."""

from __future__ import annotations

from typing import NamedTuple

from sqlmodel import Session

from bot.messages.media import TaskImagesMessage
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
from bot.services.tasks.next_task import NextTask, TaskPage, TaskView
from bot.slack.blockkit.message import Message
from bot.slack.client.sender import Sender
from bot.slack.outbox.messages.formulas import draw_formulas
from bot.slack.outbox.messages.media import (
    ShownMessage,
    media_messages,
    require_no_images_coming,
    show_message,
)
from bot.slack.outbox.messages.send import AfterDelivery, try_update_in_place
from bot.slack.views import task_message
from bot.slack.views.welcome import render_welcome
from storage.queries import experts, outbox, tasks
from storage.queries.assignments import record_message, update_assignment
from storage.row_id import id_of
from storage.tables import Assignment, OutboxMessage


async def deliver_task_page(
    sender: Sender, row: OutboxMessage, queued: TaskPageMessage
) -> AfterDelivery:
    """After an action, replace its message with the receipt and the next task."""
    next_task = await _decide(sender, row, queued.assignment_id, is_asked=not queued.assignment_id)
    if next_task is None:
        return None
    page, clicked = await sender.db.read(_replacing_page, next_task, row.recipient, queued)
    page = await _with_formulas(sender, next_task, page)
    if page is None:
        return None
    message = task_message.render_task_page(page)

    async def send() -> tuple[str, str]:
        if clicked.is_free and await try_update_in_place(sender, row, message, clicked.location):
            return clicked.location
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
    next_task = await _decide(sender, row, None, is_asked=is_asked)
    if next_task is None:
        return None
    page = await sender.db.read(next_task_service.build_page, next_task)
    page = await _with_formulas(sender, next_task, page)
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


async def deliver_recent_answer(
    sender: Sender, row: OutboxMessage, queued: RecentAnswerMessage
) -> AfterDelivery:
    """Send an answered task again with its answer, so that it can be changed."""
    task = await sender.db.read(next_task_service.task_view, queued.assignment_id)
    message = task_message.render_recent_answer(task)
    channel = task.channel or await sender.direct_channel(row.recipient)
    ts = await sender.post(channel, message.text, message.blocks)
    shown = ShownMessage(message, (sender.posted_channel(channel), ts), lacks_images=False)
    return _after_task_shown(sender, row.recipient, task, shown)


class _ClickedMessage(NamedTuple):
    """The channel and `ts` of a message, and whether a page may replace it."""

    location: tuple[str, str]
    is_free: bool


def _replacing_page(
    session: Session, next_task: NextTask, recipient: str, queued: TaskPageMessage
) -> tuple[TaskPage | None, _ClickedMessage]:
    """Return a page and the message that it replaces."""
    location = _find_clicked_message(session, queued)
    clicked = _ClickedMessage(location, _can_be_replaced(session, recipient, *location))
    return next_task_service.build_page(session, next_task), clicked


def _find_clicked_message(session: Session, queued: TaskPageMessage) -> tuple[str, str]:
    """Return the message of the interaction, or else the message that shows its task."""
    location = queued.channel or "", queued.message_ts or ""
    if all(location) or queued.assignment_id is None:
        return location
    task = _get_assignment(session, queued.assignment_id)
    return task.channel or "", task.message_ts or ""


async def _decide(
    sender: Sender, row: OutboxMessage, answered_id: int | None, *, is_asked: bool
) -> NextTask | None:
    return await sender.db.write(
        next_task_service.decide_next_task,
        row.recipient,
        answered_id,
        sender.clock.now(),
        is_requested=is_asked,
    )


async def _with_formulas(
    sender: Sender, next_task: NextTask, page: TaskPage | None
) -> TaskPage | None:
    """Return the page again if formulas of its task were drawn, which nobody had seen."""
    if page and await draw_formulas(sender, page):
        return await sender.db.read(next_task_service.build_page, next_task)
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

    An update that begins later finds the page in the outbox (`task_updates`), and is dropped. So
    this stays true until the page is delivered.

    Raises:
        LimitReachedError: the message gets images at the moment.
    """
    updates = outbox.updates_in_delivery(session, recipient, channel)
    require_no_images_coming(updates, channel, ts)
    return not updates or updates.isdisjoint(_update_keys(session, channel, ts))


def _update_keys(session: Session, channel: str, ts: str) -> set[str | None]:
    """Return the merge keys of the updates after which a message no longer shows its task."""
    ids = [id_of(row) for row in tasks.assignments_in_message(session, channel, ts)]
    types = (ExpiredMessage, ReleasedMessage, UnassignedMessage)
    of_tasks = {message_type(number).merge_key for message_type in types for number in ids}
    return {SupersededMessage(channel, ts).merge_key, *of_tasks}


def _get_assignment(session: Session, assignment_id: int) -> Assignment:
    return session.get_one(Assignment, assignment_id)
