"""Results of exports, and their files."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class ExportResultMessage(QueuedMessage):
    """The result of an export; its file follows in a separate message."""

    message_type = "export_result"
    recipient = Recipient.REQUESTER
    priority = Priority.AWAITED

    run_id: int
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class ExportFileMessage(QueuedMessage):
    """The file of an export, after its result."""

    message_type = "export_file"
    recipient = Recipient.REQUESTER
    priority = Priority.NEWS

    run_id: int
    channel: str | None = None
