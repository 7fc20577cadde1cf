"""Open tasks that their experts cannot see, because no message with them has reached Slack."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from storage.queries.outbox import UNDELIVERED_STATES, WAITING_STATE
from storage.queries.tasks import OPEN_STATES
from storage.row_id import id_of
from storage.tables import Assignment, AssignmentState, Expert, OutboxMessage, OutboxState

GRACE_PERIOD = timedelta(minutes=1)
"""A task that was assigned more recently is probably being delivered."""

TASK_MESSAGE_TYPES = ("task_page", "new_task", "recent_answer")
"""Message types that show a task."""

_message = aliased(OutboxMessage)


class InvisibleTask(NamedTuple):
    """An assignment that its expert cannot see, and how many of its messages failed.

    `last_error` is the error of the last of them, None if none failed. A message that an operator
    dropped before it was sent has not failed: it says nothing about the expert.
    """

    assignment_id: int
    expert_id: int
    failed_messages: int
    last_error: str | None


def count_invisible_tasks(session: Session, now: datetime) -> int:
    """Return how many open tasks have been invisible to their experts for more than a minute."""
    query = select(func.count()).select_from(Assignment).join(Expert).where(_is_invisible(now))
    return session.exec(query).one()


def list_invisible_tasks(session: Session, now: datetime, limit: int) -> list[InvisibleTask]:
    """Return open tasks that have been invisible for more than a minute, oldest first."""
    query = (
        select(Assignment, Expert.slack_id)
        .join(Expert)
        .where(_is_invisible(now))
        .order_by(col(Assignment.id))
        .limit(limit)
    )
    return [
        InvisibleTask(
            id_of(assignment),
            assignment.expert_id,
            *_failures_of(session, slack_id, assignment.created_at),
        )
        for assignment, slack_id in session.exec(query)
    ]


def _is_invisible(now: datetime) -> ColumnElement[bool]:
    """Return the condition for an assignment joined with its expert.

    A task that a coordinator assigned and that waits for working hours is not invisible; one whose
    message failed is.
    """
    has_pending_message = or_(
        _has_message(col(_message.state) == WAITING_STATE),
        _has_message(
            col(_message.state).in_(UNDELIVERED_STATES), col(_message.state) == OutboxState.HELD
        ),
    )
    has_failed_message = _has_message(
        col(_message.state).in_(UNDELIVERED_STATES),
        col(_message.state) != OutboxState.HELD,
        col(_message.sent_at) >= col(Assignment.created_at),
    )
    is_shown = and_(col(Assignment.channel).is_not(None), col(Assignment.message_ts).is_not(None))
    latest = now - GRACE_PERIOD
    return and_(
        col(Assignment.state).in_(OPEN_STATES),
        ~is_shown,
        or_(col(Assignment.state) == AssignmentState.DELIVERED, has_failed_message),
        func.coalesce(Assignment.delivered_at, Assignment.created_at) <= latest,
        ~has_pending_message,
    )


def _has_message(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        col(_message.recipient) == col(Expert.slack_id),
        col(_message.message_type).in_(TASK_MESSAGE_TYPES),
        *conditions,
    )


def _failures_of(session: Session, slack_id: str, since: datetime) -> tuple[int, str | None]:
    query = (
        select(OutboxMessage.error)
        .where(
            OutboxMessage.recipient == slack_id,
            col(OutboxMessage.state).in_(UNDELIVERED_STATES),
            OutboxMessage.state != OutboxState.HELD,
            col(OutboxMessage.error).is_not(None),
            col(OutboxMessage.message_type).in_(TASK_MESSAGE_TYPES),
            col(OutboxMessage.sent_at) >= since,
        )
        .order_by(col(OutboxMessage.sent_at), col(OutboxMessage.id))
    )
    errors = session.exec(query).all()
    return len(errors), errors[-1] if errors else None
