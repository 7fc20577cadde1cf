"""Threads of tasks: drafts, and what people write to the bot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.messages.queued_message import Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class DraftStatusMessage(QueuedMessage):
    """The length of the draft in a task's thread, with a button to save it."""

    message_type = "draft_status"
    recipient = Recipient.EXPERT
    priority = Priority.AWAITED
    merge_fields = ("channel", "message_ts")

    assignment_id: int
    channel: str
    message_ts: str


@dataclass(frozen=True, slots=True)
class DraftSavedMessage(QueuedMessage):
    """The receipt of a saved response, in place of the draft status."""

    message_type = "draft_saved"
    recipient = Recipient.EXPERT
    priority = Priority.AWAITED

    characters: int
    channel: str | None = None
    message_ts: str | None = None


@dataclass(frozen=True, slots=True)
class IncomingMessage(QueuedMessage):
    """A message that a person wrote to the bot, changed or deleted, as Slack sent it.

    `changed_key` is the key of the message in the event of a change, "" for a new message.
    """

    message_type = "incoming_message"
    recipient = Recipient.AUTHOR
    priority = Priority.AWAITED

    channel: str
    user: str
    ts: str
    changed_key: str
    thread_ts: str | None = None
    text: str = ""
    blocks: tuple[dict[str, Any], ...] = ()
    files: tuple[dict[str, Any], ...] = ()
    is_coordinator: bool = False


@dataclass(frozen=True, slots=True)
class IncomingFileMessage(QueuedMessage):
    """A file that a person added to the thread of a task; it becomes the part `ts` of the draft."""

    message_type = "incoming_file"
    recipient = Recipient.AUTHOR
    priority = Priority.AWAITED

    assignment_id: int
    channel: str
    message_ts: str
    ts: str
    url: str
    name: str
