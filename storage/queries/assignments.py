"""Single assignments: changing their columns, and where they were shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, literal_column, update
from sqlmodel import Session, col, select

from storage.prepared_statements import PreparedStatement, column_bindparams
from storage.tables import Assignment, AssignmentState, Expert


class HeldTask(NamedTuple):
    """An assignment that an expert holds: all that the next screen needs to find it."""

    id: int
    state: str


class NewAssignment(NamedTuple):
    """The columns of an assignment that is queued for an expert; the others have their defaults."""

    task_id: int
    campaign_id: int
    expert_id: int
    candidate_order: list[int]
    created_at: datetime
    leased_until: datetime
    selection_reason: dict[str, Any] | None
    guidelines_changed_since: int | None = None


_INITIAL_VALUES = {
    "state": AssignmentState.QUEUED,
    "complete": False,
    "version": 0,
    "has_thread": False,
}

_ADD_ASSIGNMENT = PreparedStatement(
    insert(Assignment)
    .values(
        column_bindparams(
            Assignment,
            exclude=set(Assignment.model_fields) - {*NewAssignment._fields, *_INITIAL_VALUES},
        )
    )
    .returning(col(Assignment.id))
)


def add_assignment(session: Session, new: NewAssignment) -> HeldTask:
    """Store a queued assignment.

    Raises:
        IntegrityError: the expert has had this task.
    """
    ((assignment_id,),) = _ADD_ASSIGNMENT.rows(session, **_INITIAL_VALUES, **new._asdict())
    return HeldTask(int(assignment_id), AssignmentState.QUEUED)


_MARK_DELIVERED = PreparedStatement(
    update(Assignment)
    .where(
        col(Assignment.id) == bindparam("assignment"),
        col(Assignment.state) == literal_column(f"'{AssignmentState.QUEUED}'"),
    )
    .values(state=literal_column(f"'{AssignmentState.DELIVERED}'"), delivered_at=bindparam("at"))
)


def mark_delivered(session: Session, assignment_id: int, at: datetime) -> None:
    """Record that the expert sees a queued task; one that they have seen stays as it is."""
    _MARK_DELIVERED.run(session, assignment=assignment_id, at=at)


_RECORD_MESSAGE = PreparedStatement(
    update(Assignment)
    .where(col(Assignment.id) == bindparam("assignment"))
    .values(
        channel=bindparam("new_channel"),
        message_ts=bindparam("new_ts"),
        shown=bindparam("new_shown", type_=Assignment.__table__.c.shown.type),  # type: ignore[attr-defined]  # SQLModel hides it
    )
)


def record_message(
    session: Session, assignment_id: int, channel: str, ts: str, shown: dict[str, Any] | None
) -> None:
    """Record which Slack message shows a task, and how much of its passages."""
    _RECORD_MESSAGE.run(
        session, assignment=assignment_id, new_channel=channel, new_ts=ts, new_shown=shown
    )


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
