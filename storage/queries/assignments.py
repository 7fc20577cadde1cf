"""Single assignments: changing their columns, and where they were shown."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.tables import Assignment, Expert


def update_assignment(session: Session, assignment_id: int, /, **columns: object) -> None:
    """Set columns of an assignment, without loading it."""
    statement = update(Assignment).where(col(Assignment.id) == assignment_id).values(**columns)
    session.connection().execute(statement)


def has_assignment_in_channel(session: Session, slack_id: str, channel: str) -> bool:
    """Return whether a person was sent a task in this channel."""
    query = (
        select(Assignment.id)
        .join(Expert, col(Expert.id) == col(Assignment.expert_id))
        .where(Expert.slack_id == slack_id, Assignment.channel == channel)
        .limit(1)
    )
    return session.exec(query).first() is not None


def is_first_of_campaign(session: Session, assignment: Assignment) -> bool:
    """Return whether the expert was shown no other task of the campaign before this one."""
    query = (
        select(Assignment.id)
        .where(
            Assignment.expert_id == assignment.expert_id,
            Assignment.campaign_id == assignment.campaign_id,
            Assignment.id != assignment.id,
            col(Assignment.delivered_at).is_not(None),
        )
        .limit(1)
    )
    return session.exec(query).first() is None
