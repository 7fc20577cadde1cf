"""Removing the bot's own messages and files from Slack, some time after the answers."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class MessageRemoval(QueuedMessage):
    """The removal of a message that showed tasks, or of one that the bot posted in its thread.

    `thread_ts` is the message that showed the tasks, which is removed last.
    """

    message_type = "message_removal"
    recipient = Recipient.CONVERSATION
    priority = Priority.NEWS
    merge_fields = ("channel", "ts")

    channel: str
    ts: str
    thread_ts: str


@dataclass(frozen=True, slots=True)
class FileRemoval(QueuedMessage):
    """The removal of a stored file from Slack, unless a message there still shows it."""

    message_type = "file_removal"
    recipient = Recipient.CONVERSATION
    priority = Priority.NEWS
    merge_fields = ("url",)

    url: str
