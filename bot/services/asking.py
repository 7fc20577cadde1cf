"""Asking a coordinator about an item: the clock stops, the answer comes back and helps others."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from bot.errors import BotError
from bot.services import answering, leasing
from bot.services.acting import Click
from bot.services.alerting import alert
from bot.services.auditing import record
from bot.services.directing import By
from storage.queries import raising, telling
from storage.tables import Assignment, Expert, Question

LONGEST = 3_000
"""Characters of a question or an answer in a window."""

BETWEEN = "\n\n"


class NoQuestionError(BotError):
    """This question is no longer here."""


class NothingSaidError(BotError):
    """There is nothing in it yet; write a few words."""


def ask(
    session: Session, assignment_id: int, text: str, click: Click, coordinators: Collection[str]
) -> None:
    """Put a question about a task before the coordinators, and let its lease stand still.

    The same words again, while they wait for an answer, are one question.

    Raises:
        NothingSaidError: it is empty.
        UnknownTaskError, NotYoursError: as in `answering.answer`.
    """
    text = text.strip()
    if not text:
        raise NothingSaidError
    held = answering.check_holder(session, assignment_id, click)
    if raising.same_question(session, held.id, text):
        return
    question = Question(assignment_id=held.id, text=text, asked_at=click.at)
    session.add(question)
    session.flush()
    _stop_clock(session, held.id, click.at)
    record(session, click.person, "asked", f"assignment {held.id}", click.at, question=question.id)
    facts = {"question": question.id}
    telling.put(session, "asked", lane=click.person, facts=facts, now=click.at)
    alert(
        session,
        "question",
        campaign_id=held.campaign_id,
        coordinators=coordinators,
        facts=facts,
        now=click.at,
    )


def _stop_clock(session: Session, assignment_id: int, now: datetime) -> None:
    assignment = session.get_one(Assignment, assignment_id)
    if assignment.state in answering.OPEN:
        leasing.stop_clock(session, assignment, now)


def add_words(session: Session, question: Question, text: str, now: datetime) -> None:
    """Add what an expert writes in the thread of their question; it is passed on, word for word.

    What was answered is a question again, and the clock stands still again.
    """
    question.text = BETWEEN.join([question.text, text.strip()])
    question.answered_at = None
    session.add(question)
    session.flush()
    _stop_clock(session, question.assignment_id, now)
    for post in raising.posts_of(session, question.id or 0):
        facts = {"words": text.strip(), "channel": post.channel, "thread_ts": post.ts}
        telling.put(session, "words", lane=post.channel, facts=facts, now=now)


def answer(session: Session, question_id: int, text: str, by: By) -> None:
    """Answer a question, or add to its answer: in the expert's thread, and for others.

    The clock goes on where it stopped. Others who hold the item see that something was answered.

    Raises:
        NoQuestionError: there is none.
        NothingSaidError: the answer is empty.
    """
    text = text.strip()
    if not text:
        raise NothingSaidError
    question = session.get(Question, question_id)
    if question is None:
        raise NoQuestionError
    question.answer = BETWEEN.join(part for part in (question.answer, text) if part)
    question.answered_by, question.answered_at = by.actor, by.at
    session.add(question)
    session.flush()
    assignment = session.get_one(Assignment, question.assignment_id)
    if not raising.is_waiting(session, question.assignment_id):
        leasing.start_clock(session, assignment, by.at)
    by.record(session, "answered a question", f"assignment {assignment.id}", question=question_id)
    _tell(session, question, assignment, text, by.at)


def _tell(
    session: Session, question: Question, assignment: Assignment, text: str, now: datetime
) -> None:
    asker = session.get_one(Expert, assignment.expert_id).slack_id
    facts = {"question": question.id, "words": text}
    telling.put(session, "reply", lane=asker, facts=facts, now=now)
    for post in raising.posts_of(session, question.id or 0):
        where = {"question": question.id, "channel": post.channel, "message_ts": post.ts}
        telling.put(session, "settled", lane=post.channel, facts=where, now=now)
    for held, slack_id in raising.others_holding(session, assignment):
        shown = {"assignment": held.id, "channel": held.channel, "message_ts": held.message_ts}
        telling.put(session, "turn", lane=slack_id, facts=shown, now=now)


def note_thread(session: Session, question_id: int, channel: str, ts: str) -> None:
    """Write down which message begins the thread of a question."""
    question = session.get_one(Question, question_id)
    question.channel, question.thread_ts = channel, ts
    session.add(question)
