"""Reminders of open tasks."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cadence.reminders import ReminderStage
from bot.messages.queued_message import Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class TaskReminderMessage(QueuedMessage):
    """One reminder of all open tasks."""

    message_type = "reminder"
    recipient = Recipient.EXPERT
    priority = Priority.NEWS

    assignment_ids: tuple[int, ...]
    stage: ReminderStage
