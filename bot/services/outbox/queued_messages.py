"""Messages in the outbox, parsed."""

from __future__ import annotations

from bot.messages import parse_message
from bot.messages.queued_message import QueuedMessage
from storage.tables import OutboxMessage


def message_of(row: OutboxMessage) -> QueuedMessage:
    """Return the message of a row of the outbox.

    Raises:
        PayloadError: its type is unknown, or its payload does not fit it.
    """
    return parse_message(row.message_type, row.payload)
