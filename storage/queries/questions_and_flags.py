"""Questions and flags that experts raised about items."""

from __future__ import annotations

from collections.abc import Sequence
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
    Role,
    RoleGrant,
    Task,
)


class QuestionOrFlag(NamedTuple):
    """A question or a flag, with who raised it about which item.

    `outcome` is the answer or the resolution; None while it is open.
    """

    id: int
    text: str
    assignment_id: int
    task_id: int
    campaign_id: int
    campaign_name: str
    item_key: str
    slack_id: str
    expert_name: str
    outcome: str | None


def _build_query(table: Any, text: Any, outcome: Any) -> Any:  # noqa: ANN401 - mapped columns and a select of them
    return (
        select(  # type: ignore[call-overload]  # SQLModel types up to four columns
            table.id,
            text,
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


_QUESTIONS = _build_query(Question, Question.text, Question.answer)
_FLAGS = _build_query(Flag, Flag.reason, Flag.resolution)


def question_by_id(session: Session, question_id: int) -> QuestionOrFlag | None:
    """Return a question, open or answered; None if there is none."""
    return _first(session, _QUESTIONS.where(Question.id == question_id))


def flag_by_id(session: Session, flag_id: int) -> QuestionOrFlag | None:
    """Return a flag, open or resolved; None if there is none."""
    return _first(session, _FLAGS.where(Flag.id == flag_id))


def _first(session: Session, query: Any) -> QuestionOrFlag | None:  # noqa: ANN401 - a select of many columns
    row = session.connection().execute(query).first()
    return QuestionOrFlag(*row) if row else None


class AnsweredQuestion(NamedTuple):
    """An answered question as shown to other experts, without names."""

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
    """Return the answered questions about a task, in the order they were asked."""
    return [AnsweredQuestion(*row) for row in _ANSWERED_QUESTIONS.rows(session, task=task_id)]


def count_answered_questions(session: Session, task_id: int) -> int:
    """Return the number of answered questions about a task."""
    ((count,),) = _COUNT_ANSWERED.rows(session, task=task_id)
    return int(count)


def has_open_question(session: Session, assignment_id: int) -> bool:
    """Return whether an assignment has an unanswered question."""
    query = select(Question.id).where(
        Question.assignment_id == assignment_id, col(Question.answered_at).is_(None)
    )
    return session.exec(query).first() is not None


def duplicate_question(session: Session, assignment_id: int, text: str) -> Question | None:
    """Return the open question with the same text: Slack may deliver a submission twice."""
    query = select(Question).where(
        Question.assignment_id == assignment_id,
        Question.text == text,
        col(Question.answered_at).is_(None),
    )
    return session.exec(query).first()


def duplicate_flag(session: Session, assignment_id: int, reason: str) -> Flag | None:
    """Return the open flag with the same reason: Slack may deliver a submission twice."""
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
    """Return the question that a message showed to coordinators."""
    post = session.get(QuestionPost, (channel, ts))
    return session.get_one(Question, post.question_id) if post else None


def posts_of(session: Session, question_id: int) -> Sequence[QuestionPost]:
    """Return the messages that showed a question to coordinators."""
    query = select(QuestionPost).where(QuestionPost.question_id == question_id)
    return session.exec(query.order_by(col(QuestionPost.channel))).all()


def other_holders(session: Session, assignment: Assignment) -> list[tuple[Assignment, str]]:
    """Return other experts' open, delivered assignments of the same task, with the Slack ids."""
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
    return [(other, slack_id) for other, slack_id in session.exec(query)]


def granted_coordinator_ids(session: Session) -> list[str]:
    """Return the Slack ids of people with a coordinator role in the database."""
    query = select(RoleGrant.slack_id).where(RoleGrant.role == Role.COORDINATOR)
    return sorted(set(session.exec(query)))
