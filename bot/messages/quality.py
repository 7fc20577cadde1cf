"""Label quality: alerts to coordinators, and appeals against verdicts on gold questions."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class QualityAlertMessage(QueuedMessage):
    """A clear failure of an expert's answers, or an update of its message."""

    message_type = "quality_alert"
    recipient = Recipient.COORDINATORS
    priority = Priority.NEWS

    case_id: int
    channel: str | None = None
    message_ts: str | None = None

    @property
    def urgency(self) -> Priority:
        """Return whether the coordinator who acted on the alert waits for the update."""
        return Priority.AWAITED if self.message_ts else Priority.NEWS

    @property
    def merge_key(self) -> str | None:
        """Return the message to update, None for a new alert."""
        return f"{self.message_type}:{self.channel}:{self.message_ts}" if self.message_ts else None


@dataclass(frozen=True, slots=True)
class AppealMessage(QueuedMessage):
    """An expert's appeal against the verdict on a gold question, or an update of its message."""

    message_type = "gold_appeal"
    recipient = Recipient.COORDINATORS
    priority = Priority.NEWS

    case_id: int
    channel: str | None = None
    message_ts: str | None = None

    @property
    def urgency(self) -> Priority:
        """Return whether the coordinator who decided the appeal waits for the update."""
        return Priority.AWAITED if self.message_ts else Priority.NEWS

    @property
    def merge_key(self) -> str | None:
        """Return the message to update, None for a new appeal."""
        return f"{self.message_type}:{self.channel}:{self.message_ts}" if self.message_ts else None
