"""Messages to experts who were away or inactive."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class WelcomeBackMessage(QueuedMessage):
    """A summary for an expert who is back; `reassigned` tasks went to other experts."""

    message_type = "welcome_back"
    recipient = Recipient.EXPERT
    priority = Priority.NEWS

    reassigned: int


@dataclass(frozen=True, slots=True)
class OptOutQuestionMessage(QueuedMessage):
    """The question whether an inactive expert still wants tasks."""

    message_type = "opt_out_question"
    recipient = Recipient.EXPERT
    priority = Priority.NEWS
