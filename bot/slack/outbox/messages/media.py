"""Images, audio and video of tasks that were imported as files: shown when Slack has them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlmodel import Session

from bot.kinds.form import Form
from bot.messages.media import MediaMessage, TaskImagesMessage
from bot.messages.queued_message import Priority
from bot.messages.tasks import TaskPageMessage
from bot.services.tasks import next_task as next_task_service
from bot.services.tasks.next_task import NextTask, TaskPage
from bot.slack.blockkit.message import Message
from bot.slack.client.rate_limiter import LimitReachedError
from bot.slack.client.sender import Sender
from bot.slack.client.stored_media import MediaNotShownError, stored_urls
from bot.slack.outbox.messages.send import AfterDelivery
from bot.slack.views import media, task_message
from storage.queries import outbox
from storage.tables import Assignment, AssignmentState, Expert, OutboxMessage

IMAGE_UPDATE_WAIT = timedelta(seconds=1)
"""How long the next page waits while a message gets its images."""

ATTEMPTS_BEFORE_NOTICE = 4
"""Attempts, within about ten seconds, after which people are told that files come later."""


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message that Slack shows at `location`, its channel and `ts`."""

    message: Message
    location: tuple[str, str]
    lacks_images: bool


async def show_message(
    sender: Sender, message: Message, send: Callable[[], Awaitable[tuple[str, str]]]
) -> ShownMessage:
    """Send a message with `send`, and find out whether it lacks images that Slack does not show.

    Raises:
        SlackApiError: as `send`, or Slack limits requests.
    """
    urls = set(stored_urls(message.blocks))
    uploaded = await sender.media.upload(urls) if urls else {}
    location = await send()
    lacks_images = bool(urls) and not (
        urls <= uploaded.keys() and await sender.media.are_shown(urls)
    )
    return ShownMessage(message, location, lacks_images)


def media_messages(form: Form, location: tuple[str, str]) -> list[MediaMessage]:
    """Return the messages that share the stored audio and video of a task in its thread."""
    channel, ts = location
    return [
        MediaMessage(passage.title, media_type, tuple(one.url for one in group), channel, ts)
        for passage in form.passages
        for media_type, group in groupby(
            (one for one in passage.media if one.is_stored and one.type != "image"),
            lambda one: one.type,
        )
    ]


async def deliver_media(sender: Sender, row: OutboxMessage, queued: MediaMessage) -> AfterDelivery:
    """Share audio or video; if that takes long, say so and try again."""
    channel = queued.channel or await sender.direct_channel(row.recipient)
    try:
        links = await sender.media.permalinks(queued.urls)
    except MediaNotShownError:
        if row.attempts == ATTEMPTS_BEFORE_NOTICE:
            notice = media.render_delay(queued.title, queued.media_type)
            await sender.post(channel, notice.text, notice.blocks, queued.thread_ts)
        raise
    text = media.media_text(queued.title, queued.media_type, [links[url] for url in queued.urls])
    await sender.share(channel, text, queued.thread_ts)
    return None


async def deliver_task_images(
    sender: Sender, _row: OutboxMessage, queued: TaskImagesMessage
) -> AfterDelivery:
    """Show the message of an open task again with its images, once Slack shows them."""
    page = await sender.db.read(_page_to_update, queued, sender.clock.now())
    if page is None:
        return None
    message = task_message.render_task_page(page)
    urls = set(stored_urls(message.blocks))
    if not urls <= (await sender.media.upload(urls)).keys():
        raise MediaNotShownError
    page = await sender.db.read(_page_to_update, queued, sender.clock.now())
    if page is None:  # answered during the upload
        return None
    await sender.update(queued.channel, queued.message_ts, message.text, message.blocks)
    if not await sender.media.are_shown(urls):
        raise MediaNotShownError
    return None


def require_no_images_coming(updates: Collection[str], channel: str, ts: str) -> None:
    """Have a page wait while the message it replaces gets images: that update would hide it.

    `updates` are the merge keys of the updates that are being delivered.

    Raises:
        LimitReachedError: the message gets images at the moment.
    """
    if TaskImagesMessage(0, channel, ts).merge_key in updates:
        method = "chat.update"
        raise LimitReachedError(method, IMAGE_UPDATE_WAIT)


def _page_to_update(session: Session, queued: TaskImagesMessage, now: datetime) -> TaskPage | None:
    """Return what a message shows; None if it no longer shows the task, or soon does not."""
    assignment = session.get_one(Assignment, queued.assignment_id)
    expert = session.get_one(Expert, assignment.expert_id)
    is_shown = (assignment.channel, assignment.message_ts) == (queued.channel, queued.message_ts)
    if not is_shown or assignment.state != AssignmentState.DELIVERED:
        return None
    pages = outbox.waiting_merge_keys(session, expert.slack_id, Priority.AWAITED)
    in_place = TaskPageMessage(None, queued.channel, queued.message_ts).merge_key
    if not pages.isdisjoint({in_place, TaskPageMessage(assignment.id, None, None).merge_key}):
        return None
    shown = NextTask(assignment.expert_id, now, queued.receipt_id, assignment.id)
    return next_task_service.build_page(session, shown)
