"""What every message type declares: its stored name, recipient, priority and merge key."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, ClassVar

from bot.messages.payload import serialize

PERSON_PREFIXES = ("U", "W")
"""First letters of the Slack ids of people."""

CONVERSATION_PREFIXES = ("C", "G", "D")
"""First letters of the Slack ids of channels, private channels and DMs."""


class RecipientError(Exception):
    """A message is queued for somebody it cannot be for. This is a bug."""


class Recipient(StrEnum):
    """Whose queue a message type is delivered in."""

    EXPERT = "the expert whose task or time off it is about"
    COORDINATORS = "the campaign's or workspace's channel, else each coordinator"
    REQUESTER = "the person who asked for it, or the channel they named"
    AUTHOR = "the person who wrote to the bot"
    CONVERSATION = "the conversation that has the message to update"
    ADDRESSEE = "the person or channel that the text is for"


RECIPIENT_PREFIXES: dict[Recipient, tuple[str, ...]] = {
    Recipient.EXPERT: PERSON_PREFIXES,
    Recipient.AUTHOR: PERSON_PREFIXES,
    Recipient.CONVERSATION: CONVERSATION_PREFIXES,
}
"""First letters of ids by recipient. The others include channels from settings, which Slack checks:
a wrong setting must not undo the question that is reported there."""


class Priority(IntEnum):
    """How urgent a message type is; stored with each message."""

    AWAITED = 0
    """A person acted and waits for it."""
    NEWS = 1
    """A notification that its reader does not expect at this moment."""
    COSMETIC = 2
    """It only updates a message that is out of date."""


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """The data of a message in the outbox; each message type is a subclass.

    The fields of a subclass are the keys of its payload. Of several messages in a row with equal
    `merge_fields`, only the last is sent; if it is an update, others may be between them. Without
    merge fields, each is sent.
    """

    message_type: ClassVar[str]
    recipient: ClassVar[Recipient]
    priority: ClassVar[Priority]
    merge_fields: ClassVar[tuple[str, ...]] = ()

    @property
    def urgency(self) -> Priority:
        """Return the priority of this message, which is that of its type unless the type says."""
        return self.priority

    @property
    def merge_key(self) -> str | None:
        """Return what the messages that merge with this one have in common, None if none do."""
        if not self.merge_fields:
            return None
        values = [getattr(self, name) or "" for name in self.merge_fields]
        return ":".join([self.message_type, *map(str, values)])

    def check_recipient(self, slack_id: str) -> None:
        """Raise unless a message of this type can be for this person or conversation.

        Raises:
            RecipientError: it is for somebody else.
        """
        if not slack_id or not slack_id.startswith(RECIPIENT_PREFIXES.get(self.recipient, "")):
            message = f"message type “{self.message_type}” cannot be for “{slack_id}”"
            raise RecipientError(message)

    def to_payload(self) -> dict[str, Any]:
        """Return the data as it is stored.

        Raises:
            PayloadError: a field has a value of the wrong type.
        """
        return serialize(self, self.message_type)


@dataclass(frozen=True, slots=True)
class CoordinatorNotice(QueuedMessage):
    """A message to coordinators with buttons; with `message_ts`, an update of it."""

    channel: str | None = field(default=None, kw_only=True)
    message_ts: str | None = field(default=None, kw_only=True)

    @property
    def urgency(self) -> Priority:
        """Return whether the coordinator who pressed a button waits for the update."""
        return Priority.AWAITED if self.message_ts else Priority.NEWS

    @property
    def merge_key(self) -> str | None:
        """Return the message to update, None for a new one."""
        return f"{self.message_type}:{self.channel}:{self.message_ts}" if self.message_ts else None
