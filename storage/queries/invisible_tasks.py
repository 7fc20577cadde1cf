"""Tasks that an expert holds without a message in Slack that shows them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists
from sqlmodel import Session, col, func, select

from storage.queries.tasks import OPEN_STATES, WAITING_STATE
from storage.tables import Assignment, AssignmentState, Expert, OutboxMessage

DELIVERY_PERIOD = timedelta(minutes=1)
"""How long the delivery of a task may take."""


def count_invisible_tasks(session: Session, now: datetime) -> int:
    """Return how many delivered tasks have no message in Slack, and none in the outbox."""
    has_waiting_message = exists().where(
        col(OutboxMessage.recipient) == col(Expert.slack_id),
        col(OutboxMessage.state) == WAITING_STATE,
    )
    query = (
        select(func.count())
        .select_from(Assignment)
        .join(Expert, col(Expert.id) == col(Assignment.expert_id))
        .where(
            col(Assignment.state).in_(OPEN_STATES),  # uses the index of open assignments
            Assignment.state == AssignmentState.DELIVERED,
            col(Assignment.message_ts).is_(None),
            col(Assignment.delivered_at) < now - DELIVERY_PERIOD,
            ~has_waiting_message,
        )
    )
    return session.exec(query).one()
