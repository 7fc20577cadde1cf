"""Asking a coordinator about an item: the clock stops, the answer comes back and helps others."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from bot.errors import BotError
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import record
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.assignments import leases
from bot.services.campaigns.notify_coordinators import notify_coordinators
from storage.queries import outbox, questions_and_flags
from storage.tables import Assignment, Expert, Question

MAX_QUESTION_CHARS = 3_000
"""Characters of a question or an answer in a window."""

PART_SEPARATOR = "\n\n"


class UnknownQuestionError(BotError):
    """This question is no longer here."""


class EmptyTextError(BotError):
    """There is nothing in it yet; write a few words."""


def ask_question(
    session: Session,
    assignment_id: int,
    text: str,
    interaction: Interaction,
    coordinators: Collection[str],
) -> None:
    """Put a question about a task before the coordinators, and let its lease stand still.

    The same words again, while they wait for an answer, are one question.

    Raises:
        NothingSaidError: it is empty.
        UnknownTaskError, NotYoursError: as in `answering.answer`.
    """
    text = text.strip()
    if not text:
        raise EmptyTextError
    held = submit.require_assignee(session, assignment_id, interaction)
    if questions_and_flags.duplicate_question(session, held.id, text):
        return
    question = Question(assignment_id=held.id, text=text, asked_at=interaction.at)
    session.add(question)
    session.flush()
    _pause_lease(session, held.id, interaction.at)
    record(
        session,
        interaction.slack_id,
        "asked",
        f"assignment {held.id}",
        interaction.at,
        question=question.id,
    )
    payload = {"question": question.id}
    outbox.enqueue(
        session, "asked", recipient=interaction.slack_id, payload=payload, now=interaction.at
    )
    notify_coordinators(
        session,
        "question",
        campaign_id=held.campaign_id,
        coordinators=coordinators,
        payload=payload,
        now=interaction.at,
    )


def _pause_lease(session: Session, assignment_id: int, now: datetime) -> None:
    assignment = session.get_one(Assignment, assignment_id)
    if assignment.state in submit.OPEN_STATES:
        leases.pause_lease(session, assignment, now)


def append_to_question(session: Session, question: Question, text: str, now: datetime) -> None:
    """Add what an expert writes in the thread of their question; it is passed on, word for word.

    What was answered is a question again, and the clock stands still again.
    """
    question.text = PART_SEPARATOR.join([question.text, text.strip()])
    question.answered_at = None
    session.add(question)
    session.flush()
    _pause_lease(session, question.assignment_id, now)
    for post in questions_and_flags.posts_of(session, question.id or 0):
        payload = {"words": text.strip(), "channel": post.channel, "thread_ts": post.ts}
        outbox.enqueue(session, "words", recipient=post.channel, payload=payload, now=now)


def answer_question(session: Session, question_id: int, text: str, actor: Actor) -> None:
    """Answer a question, or add to its answer: in the expert's thread, and for others.

    The clock goes on where it stopped. Others who hold the item see that something was answered.

    Raises:
        NoQuestionError: there is none.
        NothingSaidError: the answer is empty.
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
        session, "answered a question", f"assignment {assignment.id}", question=question_id
    )
    _queue_answer_messages(session, question, assignment, text, actor.at)


def _queue_answer_messages(
    session: Session, question: Question, assignment: Assignment, text: str, now: datetime
) -> None:
    asker = session.get_one(Expert, assignment.expert_id).slack_id
    answer_payload = {"question": question.id, "words": text}
    outbox.enqueue(session, "reply", recipient=asker, payload=answer_payload, now=now)
    for post in questions_and_flags.posts_of(session, question.id or 0):
        post_payload = {"question": question.id, "channel": post.channel, "message_ts": post.ts}
        outbox.enqueue(session, "settled", recipient=post.channel, payload=post_payload, now=now)
    for held, slack_id in questions_and_flags.other_holders(session, assignment):
        task_payload = {
            "assignment": held.id,
            "channel": held.channel,
            "message_ts": held.message_ts,
        }
        outbox.enqueue(session, "turn", recipient=slack_id, payload=task_payload, now=now)


def record_thread(session: Session, question_id: int, channel: str, ts: str) -> None:
    """Write down which message begins the thread of a question."""
    question = session.get_one(Question, question_id)
    question.channel, question.thread_ts = channel, ts
    session.add(question)
