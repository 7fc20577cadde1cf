"""What experts raised about an item: questions and flags, open ones first of all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from storage.prepared_statements import PreparedStatement
from storage.queries.tasks import OPEN_STATES
from storage.tables import (
    Assignment,
    Campaign,
    Expert,
    Flag,
    Item,
    Question,
    QuestionPost,
    RoleGrant,
    Task,
)
from storage.tables import Role as RoleName


class QuestionOrFlag(NamedTuple):
    """A question or a flag: what it says, since when, by whom, about which item.

    `outcome` is the answer or what became of it, None while nothing did.
    """

    id: int
    text: str
    raised_at: datetime
    assignment_id: int
    task_id: int
    campaign_id: int
    campaign_name: str
    item_key: str
    slack_id: str
    expert_name: str
    outcome: str | None


def _build_query(table: Any, text: Any, at: Any, outcome: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own
    return (
        select(  # type: ignore[call-overload]  # SQLModel types up to four columns
            table.id,
            text,
            at,
            Assignment.id,
            Assignment.task_id,
            Assignment.campaign_id,
            Campaign.name,
            Item.key,
            Expert.slack_id,
            Expert.name,
            outcome,
        )
        .select_from(table)
        .join(Assignment, col(Assignment.id) == col(table.assignment_id))
        .join(Expert, col(Expert.id) == col(Assignment.expert_id))
        .join(Campaign, col(Campaign.id) == col(Assignment.campaign_id))
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Item, col(Item.id) == col(Task.item_id))
        .order_by(col(table.id))
    )


_QUESTIONS = _build_query(Question, Question.text, Question.asked_at, Question.answer)
_FLAGS = _build_query(Flag, Flag.reason, Flag.flagged_at, Flag.resolution)


def open_questions(session: Session, campaign_id: int | None = None) -> list[QuestionOrFlag]:
    """Return the questions of a campaign (None: of any) that wait for an answer, oldest first."""
    return _fetch(session, _QUESTIONS.where(col(Question.answered_at).is_(None)), campaign_id)


def open_flags(session: Session, campaign_id: int | None = None) -> list[QuestionOrFlag]:
    """Return the flags of a campaign (None: of any) that nobody has resolved, oldest first."""
    return _fetch(session, _FLAGS.where(col(Flag.resolved_at).is_(None)), campaign_id)


def question_by_id(session: Session, question_id: int) -> QuestionOrFlag | None:
    """Return a question, open or answered; None if there is none."""
    return next(iter(_fetch(session, _QUESTIONS.where(Question.id == question_id), None)), None)


def flag_by_id(session: Session, flag_id: int) -> QuestionOrFlag | None:
    """Return a flag, open or resolved; None if there is none."""
    return next(iter(_fetch(session, _FLAGS.where(Flag.id == flag_id), None)), None)


def _fetch(session: Session, query: Any, campaign_id: int | None) -> list[QuestionOrFlag]:  # noqa: ANN401 - a select of many columns
    if campaign_id is not None:
        query = query.where(col(Assignment.campaign_id) == campaign_id)
    return [QuestionOrFlag(*row) for row in session.connection().execute(query)]


class AnsweredQuestion(NamedTuple):
    """A question that was answered, as it is offered to others: without names."""

    question: str
    answer: str


_ANSWERED_OF_TASK = (
    select(Question.text, Question.answer)
    .join(Assignment, col(Assignment.id) == col(Question.assignment_id))
    .where(
        col(Assignment.task_id) == bindparam("task"),
        col(Question.answer).is_not(None),
    )
    .order_by(col(Question.id))
)

_ANSWERED_QUESTIONS = PreparedStatement(_ANSWERED_OF_TASK)

_COUNT_ANSWERED = PreparedStatement(
    select(func.count()).select_from(_ANSWERED_OF_TASK.order_by(None).subquery())
)


def answered_questions(session: Session, task_id: int) -> list[AnsweredQuestion]:
    """Return the questions about a task that were answered, in the order they were asked."""
    return [AnsweredQuestion(*row) for row in _ANSWERED_QUESTIONS.rows(session, task=task_id)]


def count_answered_questions(session: Session, task_id: int) -> int:
    """Return how many questions about a task were answered."""
    ((number,),) = _COUNT_ANSWERED.rows(session, task=task_id)
    return int(number)


def has_open_question(session: Session, assignment_id: int) -> bool:
    """Say whether a question about an assignment waits for its answer."""
    query = select(Question.id).where(
        Question.assignment_id == assignment_id, col(Question.answered_at).is_(None)
    )
    return session.exec(query).first() is not None


def duplicate_question(session: Session, assignment_id: int, text: str) -> Question | None:
    """Return the question with these very words that waits already: a modal may come twice."""
    query = select(Question).where(
        Question.assignment_id == assignment_id,
        Question.text == text,
        col(Question.answered_at).is_(None),
    )
    return session.exec(query).first()


def duplicate_flag(session: Session, assignment_id: int, reason: str) -> Flag | None:
    """Return the flag with these very words that waits already: a modal may come twice."""
    query = select(Flag).where(
        Flag.assignment_id == assignment_id,
        Flag.reason == reason,
        col(Flag.resolved_at).is_(None),
    )
    return session.exec(query).first()


def question_in_thread(session: Session, channel: str, thread_ts: str) -> Question | None:
    """Return the question that an expert's thread is about."""
    query = select(Question).where(Question.channel == channel, Question.thread_ts == thread_ts)
    return session.exec(query).first()


def question_by_post(session: Session, channel: str, ts: str) -> Question | None:
    """Return the question that a message put before coordinators."""
    post = session.get(QuestionPost, (channel, ts))
    return session.get_one(Question, post.question_id) if post else None


def posts_of(session: Session, question_id: int) -> Sequence[QuestionPost]:
    """Return the messages that put a question before coordinators."""
    query = select(QuestionPost).where(QuestionPost.question_id == question_id)
    return session.exec(query.order_by(col(QuestionPost.channel))).all()


def other_holders(session: Session, assignment: Assignment) -> list[tuple[Assignment, str]]:
    """Return the open assignments of the same task that somebody else sees, with who."""
    query = (
        select(Assignment, Expert.slack_id)
        .join(Expert, col(Expert.id) == col(Assignment.expert_id))
        .where(
            Assignment.task_id == assignment.task_id,
            Assignment.id != assignment.id,
            col(Assignment.state).in_(OPEN_STATES),
            col(Assignment.message_ts).is_not(None),
        )
        .order_by(col(Assignment.id))
    )
    return [(held, slack_id) for held, slack_id in session.exec(query)]


def granted_coordinator_ids(session: Session) -> list[str]:
    """Return the Slack ids of those who were made coordinators."""
    query = select(RoleGrant.slack_id).where(RoleGrant.role == RoleName.COORDINATOR)
    return sorted(set(session.exec(query)))
