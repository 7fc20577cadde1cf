"""The weekly summary."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class DigestMessage(QueuedMessage):
    """The summary of the last seven days."""

    message_type = "digest"
    recipient = Recipient.COORDINATORS
    priority = Priority.NEWS

    channel: str | None = None
