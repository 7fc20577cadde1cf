"""The file with an expert's own work."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class WorkFileMessage(QueuedMessage):
    """A CSV file with the expert's answers and time, by campaign and month."""

    message_type = "work_file"
    recipient = Recipient.EXPERT
    priority = Priority.AWAITED
