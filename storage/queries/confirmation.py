"""Answers that need confirmation, and the tasks that confirm them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.tables import Assignment, AssignmentState, Task

SLOT_STATES = (AssignmentState.QUEUED, AssignmentState.DELIVERED, AssignmentState.ANSWERED)
"""States in which an assignment occupies a slot of its task."""

_confirmation_task: Any = aliased(Task)


def answer_to_confirm(session: Session, assignment_id: int) -> Assignment:
    """Return the answer that a task confirms, read anew and locked until the transaction ends."""
    return session.get_one(Assignment, assignment_id, populate_existing=True, with_for_update=True)


def confirmation_task_of(session: Session, assignment_id: int) -> Task | None:
    """Return the task that confirms an answer, locked; None if the answer was never complete."""
    query = select(Task).where(Task.confirms_assignment_id == assignment_id)
    return session.exec(query.with_for_update()).first()


def confirmation_assignment(session: Session, task_id: int) -> Assignment | None:
    """Return the assignment of the expert who confirms, or has confirmed."""
    query = select(Assignment).where(
        Assignment.task_id == task_id, col(Assignment.state).in_(SLOT_STATES)
    )
    return session.exec(query.execution_options(populate_existing=True)).first()


def is_final() -> ColumnElement[bool]:
    """Return a condition: the answer needs no confirmation, or is confirmed."""
    needs_confirmation = exists().where(
        _confirmation_task.confirms_assignment_id == col(Assignment.id),
        _confirmation_task.overlap > 0,
        ~_confirmation_task.is_repeat,
        _confirmation_task.practice_attempt.is_(None),
    )
    return or_(~needs_confirmation, col(Assignment.finalized_by).is_not(None))
