"""Images, audio and video of tasks that were imported as files."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class MediaMessage(QueuedMessage):
    """Stored audio or video, shared in the thread of a task or with the person who asked for it.

    `urls` are those of the stored files, which are all of the same type; `title` is whose they are.
    A conversation has a separate queue, so that an upload delays no other message.
    """

    message_type = "media"
    recipient = Recipient.ADDRESSEE
    priority = Priority.AWAITED

    title: str
    media_type: str
    urls: tuple[str, ...]
    channel: str | None = None
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class TaskImagesMessage(QueuedMessage):
    """An update of a task's message that lacks an image, when Slack shows the image.

    `receipt_id` is the task whose receipt the message shows, None if it shows none.
    """

    message_type = "task_images"
    recipient = Recipient.CONVERSATION
    priority = Priority.NEWS
    merge_fields = ("channel", "message_ts")

    assignment_id: int
    channel: str
    message_ts: str
    receipt_id: int | None = None
