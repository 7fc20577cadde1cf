"""Plain texts."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class TextMessage(QueuedMessage):
    """A text to a person, or in a channel or thread; a reply to what they did is awaited.

    `reason` says in the contact log why it is sent, "" if there is nothing particular.
    """

    message_type = "text"
    recipient = Recipient.ADDRESSEE
    priority = Priority.NEWS

    text: str
    channel: str | None = None
    thread_ts: str | None = None
    is_reply: bool = False
    reason: str = ""

    @property
    def urgency(self) -> Priority:
        """Return whether somebody waits for the text."""
        return Priority.AWAITED if self.is_reply else Priority.NEWS


@dataclass(frozen=True, slots=True)
class TextInPlaceMessage(QueuedMessage):
    """A text in place of the message of the interaction, or as a new message."""

    message_type = "text_in_place"
    recipient = Recipient.REQUESTER
    priority = Priority.AWAITED

    text: str
    channel: str | None = None
    message_ts: str | None = None
