"""Answers that want to be confirmed, and the tasks that confirm them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.tables import Assignment, AssignmentState, Task

HOLDS = (AssignmentState.QUEUED, AssignmentState.DELIVERED, AssignmentState.ANSWERED)
"""States in which an assignment takes one of its task's places."""

_looks: Any = aliased(Task)


def answer_looked_at(session: Session, assignment_id: int) -> Assignment:
    """Return the answer that a task confirms, as it is now, locked until the transaction ends."""
    return session.get_one(Assignment, assignment_id, populate_existing=True, with_for_update=True)


def task_for(session: Session, assignment_id: int) -> Task | None:
    """Return the task that confirms this answer, if it was ever complete."""
    chosen = select(Task).where(Task.confirms == assignment_id)
    return session.exec(chosen.with_for_update()).first()


def look_at(session: Session, task_id: int) -> Assignment | None:
    """Return the assignment of whoever confirms, or did."""
    chosen = select(Assignment).where(
        Assignment.task_id == task_id, col(Assignment.state).in_(HOLDS)
    )
    return session.exec(chosen.execution_options(populate_existing=True)).first()


def is_final_or_alone() -> ColumnElement[bool]:
    """Say, in SQL, whether an answer needs no confirmation, or has it."""
    wanted = exists().where(_looks.confirms == col(Assignment.id), _looks.overlap > 0)
    return or_(~wanted, col(Assignment.locked_by).is_not(None))
