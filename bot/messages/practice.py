"""Practice: a message to coordinators about an expert who failed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import CoordinatorNotice, Priority, Recipient


@dataclass(frozen=True, slots=True)
class PracticeFailureMessage(CoordinatorNotice):
    """An expert failed the practice of a campaign, or an update of this message."""

    message_type = "practice_failure"
    recipient = Recipient.COORDINATORS
    priority = Priority.NEWS

    campaign_id: int
    expert_slack_id: str
