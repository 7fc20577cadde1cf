"""Practice: a message to coordinators about an expert who failed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class PracticeFailureMessage(QueuedMessage):
    """An expert failed the practice of a campaign, or an update of this message."""

    message_type = "practice_failure"
    recipient = Recipient.COORDINATORS
    priority = Priority.NEWS

    campaign_id: int
    expert_slack_id: str
    channel: str | None = None
    message_ts: str | None = None

    @property
    def urgency(self) -> Priority:
        """Return whether the coordinator who acted on the message waits for the update."""
        return Priority.AWAITED if self.message_ts else Priority.NEWS

    @property
    def merge_key(self) -> str | None:
        """Return the message to update, None for a new one."""
        return f"{self.message_type}:{self.channel}:{self.message_ts}" if self.message_ts else None
