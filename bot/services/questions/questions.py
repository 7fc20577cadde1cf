"""Questions to coordinators about an item; the lease is paused until the answer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from bot.errors import BotError
from bot.messages.questions import (
    QuestionAnswerMessage,
    QuestionMessage,
    QuestionThreadMessage,
    QuestionUpdateMessage,
)
from bot.messages.tasks import TaskPageMessage
from bot.messages.texts import TextMessage
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import record
from bot.services.actors.interaction import Interaction
from bot.services.answers import confirmation, submit
from bot.services.assignments import leases
from bot.services.campaigns.notify_coordinators import notify_coordinators
from storage.queries import outbox, questions_and_flags
from storage.row_id import id_of
from storage.tables import Assignment, Expert, Question

PART_SEPARATOR = "\n\n"


class UnknownQuestionError(BotError):
    """This question no longer exists. Use `/label status` to see where questions are open."""


class EmptyTextError(BotError):
    """The text is empty. Write a few words."""


def ask_question(
    session: Session,
    assignment_id: int,
    text: str,
    interaction: Interaction,
    coordinators: Collection[str],
) -> None:
    """Ask the coordinators about a task and pause its lease.

    The same text again, while the first question is open, is ignored.

    Raises:
        EmptyTextError: the text is empty.
        UnknownTaskError, NotAssigneeError: as in `submit.submit_answer`.
    """
    text = text.strip()
    if not text:
        raise EmptyTextError
    assignment = submit.require_assignee(session, assignment_id, interaction)
    if questions_and_flags.duplicate_question(session, assignment.id, text):
        return
    question = Question(assignment_id=assignment.id, text=text, asked_at=interaction.at)
    session.add(question)
    session.flush()
    _pause_lease(session, assignment.id, interaction.at)
    record(
        session,
        interaction.slack_id,
        "asked a question",
        f"assignment {assignment.id}",
        interaction.at,
        question_id=question.id,
    )
    question_id = id_of(question)
    outbox.enqueue(
        session,
        QuestionThreadMessage(question_id),
        recipient=interaction.slack_id,
        now=interaction.at,
    )
    notify_coordinators(
        session,
        QuestionMessage(question_id),
        campaign_id=assignment.campaign_id,
        coordinators=coordinators,
        now=interaction.at,
    )


def _pause_lease(session: Session, assignment_id: int, now: datetime) -> None:
    assignment = session.get_one(Assignment, assignment_id)
    if assignment.state in confirmation.OPEN_STATES:
        leases.pause_lease(session, assignment, now)


def append_to_question(session: Session, question: Question, text: str, now: datetime) -> None:
    """Append a message from the question's thread and forward it verbatim to the coordinators.

    An answered question is open again, and its lease is paused again.
    """
    question.text = PART_SEPARATOR.join([question.text, text.strip()])
    question.answered_at = None
    session.add(question)
    session.flush()
    _pause_lease(session, question.assignment_id, now)
    for post in questions_and_flags.posts_of(session, id_of(question)):
        message = TextMessage(text.strip(), channel=post.channel, thread_ts=post.ts)
        outbox.enqueue(session, message, recipient=post.channel, now=now)


def answer_question(session: Session, question_id: int, text: str, actor: Actor) -> None:
    """Answer a question, or add to its answer, and resume the lease.

    The answer goes to the thread of the expert who asked; other assignees of the item see that a
    question was answered.

    Raises:
        UnknownQuestionError: there is no such question.
        EmptyTextError: the answer is empty.
    """
    text = text.strip()
    if not text:
        raise EmptyTextError
    question = session.get(Question, question_id)
    if question is None:
        raise UnknownQuestionError
    question.answer = PART_SEPARATOR.join(part for part in (question.answer, text) if part)
    question.answered_by, question.answered_at = actor.name, actor.at
    session.add(question)
    session.flush()
    assignment = session.get_one(Assignment, question.assignment_id)
    if not questions_and_flags.has_open_question(session, question.assignment_id):
        leases.resume_lease(session, assignment, actor.at)
    actor.record(
        session, "answered a question", f"assignment {assignment.id}", question_id=question_id
    )
    _queue_answer_messages(session, question, assignment, text, actor.at)


def _queue_answer_messages(
    session: Session, question: Question, assignment: Assignment, text: str, now: datetime
) -> None:
    asker = session.get_one(Expert, assignment.expert_id).slack_id
    question_id = id_of(question)
    answer = QuestionAnswerMessage(question_id, text)
    outbox.enqueue(session, answer, recipient=asker, now=now)
    for post in questions_and_flags.posts_of(session, question_id):
        post_update = QuestionUpdateMessage(question_id, post.channel, post.ts)
        outbox.enqueue(session, post_update, recipient=post.channel, now=now)
    for other, slack_id in questions_and_flags.other_holders(session, assignment):
        task_page = TaskPageMessage(other.id, other.channel, other.message_ts)
        outbox.enqueue(session, task_page, recipient=slack_id, now=now)


def record_thread(session: Session, question_id: int, channel: str, ts: str) -> None:
    """Record the message that starts the thread of a question."""
    question = session.get_one(Question, question_id)
    question.channel, question.thread_ts = channel, ts
    session.add(question)
