"""Hot path of an answer: load the assignment, store a version, update the assignment's state."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage.prepared_statements import PreparedStatement, column_bindparams
from storage.tables import Annotation, Assignment, AssignmentState, Campaign, Expert, Task


class AssignmentSnapshot(NamedTuple):
    """An assignment with the fields needed from its campaign, expert, task and current version.

    `version_stored_at`, `seconds` and `paused` belong to that version; None: there is none yet.
    `overlap` is the campaign's. A repeat and a practice question confirm nothing: they are answered
    like any task.
    """

    id: int
    task_id: int
    campaign_id: int
    expert_id: int
    state: str
    candidate_order: list[int]
    value: dict[str, Any] | None
    complete: bool
    version: int
    shown: dict[str, Any] | None
    read_in_full_at: datetime | None
    channel: str | None
    message_ts: str | None
    has_thread: bool
    slack_id: str
    away_since: datetime | None
    kind: str
    settings: dict[str, Any]
    guidelines_version: int
    lease_minutes: int
    campaign_state: str
    delivered_at: datetime | None
    opened_at: datetime | None
    version_stored_at: datetime | None
    seconds: int | None
    paused: bool | None
    finalized_by: str | None
    confirms_assignment_id: int | None
    overlap: int
    max_overlap: int | None
    target_posterior: float | None
    practice_attempt: int | None
    is_deleted: bool


SNAPSHOT_QUERY: Any = (
    select(  # type: ignore[call-overload, misc]  # SQLModel types up to four columns
        Assignment.id,
        Assignment.task_id,
        Assignment.campaign_id,
        Assignment.expert_id,
        Assignment.state,
        Assignment.candidate_order,
        Assignment.value,
        Assignment.complete,
        Assignment.version,
        Assignment.shown,
        Assignment.read_in_full_at,
        Assignment.channel,
        Assignment.message_ts,
        Assignment.has_thread,
        Expert.slack_id,
        Expert.away_since,
        Campaign.kind,
        Campaign.settings,
        Campaign.guidelines_version,
        Campaign.lease_minutes,
        Campaign.state,
        Assignment.delivered_at,
        Assignment.opened_at,
        Annotation.created_at,
        Annotation.seconds,
        Annotation.paused,
        Assignment.finalized_by,
        case(
            (or_(col(Task.is_repeat), col(Task.practice_attempt).is_not(None)), None),
            else_=col(Task.confirms_assignment_id),
        ),
        Campaign.overlap,
        Campaign.max_overlap,
        Campaign.target_posterior,
        Task.practice_attempt,
        Task.is_deleted,
    )
    .join(Task, col(Task.id) == col(Assignment.task_id))
    .join(Expert, col(Expert.id) == col(Assignment.expert_id))
    .join(Campaign, col(Campaign.id) == col(Assignment.campaign_id))
    .outerjoin(
        Annotation,
        and_(
            col(Annotation.assignment_id) == col(Assignment.id),
            col(Annotation.version) == col(Assignment.version),
        ),
    )
)

_ASSIGNMENT_SNAPSHOT = PreparedStatement(
    SNAPSHOT_QUERY.where(col(Assignment.id) == bindparam("assignment")).with_for_update(
        of=Assignment
    )
)


def load_assignment(session: Session, assignment_id: int) -> AssignmentSnapshot | None:
    """Return an assignment in its current state, locked until the transaction ends."""
    row = _ASSIGNMENT_SNAPSHOT.first(session, assignment=assignment_id)
    return AssignmentSnapshot(*row) if row else None


_INSERT_VERSION = {
    name: PreparedStatement(
        insert(Annotation)
        .values(column_bindparams(Annotation, exclude=("id",)))
        .on_conflict_do_nothing(index_elements=["assignment_id", "interaction_id"])
    )
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def store_version(session: Session, values: dict[str, Any]) -> bool:
    """Insert a version of an annotation; return False if its interaction is already stored."""
    return _INSERT_VERSION[session.connection().dialect.name].run(session, **values) == 1


def is_stored(session: Session, assignment_id: int, interaction_id: str) -> bool:
    """Return whether an interaction has stored a version of an annotation."""
    query = select(Annotation.version).where(
        Annotation.assignment_id == assignment_id, Annotation.interaction_id == interaction_id
    )
    return session.exec(query).first() is not None


_UPDATE_ASSIGNMENT = PreparedStatement(
    update(Assignment)
    .where(col(Assignment.id) == bindparam("assignment"))
    .values(
        state=bindparam("new_state"),
        value=bindparam("new_value", type_=Assignment.__table__.c.value.type),  # type: ignore[attr-defined]  # SQLModel hides it
        complete=bindparam("new_complete"),
        version=bindparam("new_version"),
        answered_at=bindparam("new_answered_at"),
        leased_until=bindparam("new_leased_until"),
    )
)


def set_current_version(  # noqa: PLR0913 - one parameter per column
    session: Session,
    assignment_id: int,
    *,
    state: AssignmentState,
    value: dict[str, Any] | None,
    complete: bool,
    version: int,
    answered_at: datetime | None,
    leased_until: datetime,
) -> None:
    """Copy the newest version into the assignment."""
    _UPDATE_ASSIGNMENT.run(
        session,
        assignment=assignment_id,
        new_state=state,
        new_value=value,
        new_complete=complete,
        new_version=version,
        new_answered_at=answered_at,
        new_leased_until=leased_until,
    )


_TAKE_SLOT = PreparedStatement(
    update(Task)
    .where(col(Task.id) == bindparam("task"), col(Task.slots_taken) < col(Task.overlap))
    .values(slots_taken=Task.slots_taken + 1)
)

_RELEASE_SLOT = PreparedStatement(
    update(Task)
    .where(col(Task.id) == bindparam("task"))
    .values(slots_taken=Task.slots_taken - 1, needs_rescan=True)
)


def take_slot(session: Session, task_id: int) -> bool:
    """Take a slot of a task; return False if none is free. The database decides, not the caller."""
    return _TAKE_SLOT.run(session, task=task_id) == 1


def release_slot(session: Session, task_id: int) -> None:
    """Release a slot of a task and mark it for a rescan by experts who are past it."""
    _RELEASE_SLOT.run(session, task=task_id)
