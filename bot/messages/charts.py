"""Progress charts of campaigns."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class ChartMessage(QueuedMessage):
    """The progress chart of a campaign."""

    message_type = "chart"
    recipient = Recipient.REQUESTER
    priority = Priority.AWAITED

    campaign_id: int
