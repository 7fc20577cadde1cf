"""Results of exports."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class ExportResultMessage(QueuedMessage):
    """The result of an export, with its file."""

    message_type = "export_result"
    recipient = Recipient.REQUESTER
    priority = Priority.AWAITED

    run_id: int
    channel: str | None = None
