"""Questions and flags: messages to coordinators, and answers to experts."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import CoordinatorNotice, Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class QuestionThreadMessage(QueuedMessage):
    """An expert's own question, which starts the thread for the answer."""

    message_type = "question_thread"
    recipient = Recipient.EXPERT
    priority = Priority.AWAITED

    question_id: int


@dataclass(frozen=True, slots=True)
class QuestionMessage(QueuedMessage):
    """A question, with buttons to answer it."""

    message_type = "question"
    recipient = Recipient.COORDINATORS
    priority = Priority.NEWS

    question_id: int
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionAnswerMessage(QueuedMessage):
    """The answer to a question, in the thread of the question."""

    message_type = "question_answer"
    recipient = Recipient.EXPERT
    priority = Priority.NEWS

    question_id: int
    text: str


@dataclass(frozen=True, slots=True)
class QuestionUpdateMessage(QueuedMessage):
    """An update of a question's message to coordinators, with the answer."""

    message_type = "question_update"
    recipient = Recipient.CONVERSATION
    priority = Priority.COSMETIC
    merge_fields = ("channel", "message_ts")

    question_id: int
    channel: str
    message_ts: str


@dataclass(frozen=True, slots=True)
class FlagMessage(CoordinatorNotice):
    """A flag, or an update of its message if `message_ts` is given."""

    message_type = "flag"
    recipient = Recipient.COORDINATORS
    priority = Priority.NEWS

    flag_id: int
