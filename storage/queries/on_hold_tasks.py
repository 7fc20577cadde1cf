"""Tasks on hold, which no expert gets until a coordinator has reviewed them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.tables import Assignment, AssignmentState, Campaign, Item, Task

HOLD_REASON_NO_EXPERT = "no expert is left who can answer it"
"""On-hold reason of a task that every suitable member has skipped or answered."""


class OnHoldTask(NamedTuple):
    """A task on hold, with its item, since when and why."""

    task_id: int
    campaign_id: int
    campaign_name: str
    item_key: str
    since: datetime
    reason: str


def put_on_hold(session: Session, task_id: int, reason: str, now: datetime) -> bool:
    """Put a task on hold; experts who have it keep it.

    Return False if it is on hold already, or if nobody needs to review it: a repeat or a practice
    question; nor if its item is deleted.
    """
    statement = update(Task).where(
        col(Task.id) == task_id,
        col(Task.on_hold_since).is_(None),
        ~col(Task.is_repeat),
        ~col(Task.is_deleted),
        col(Task.practice_attempt).is_(None),
    )
    result = session.connection().execute(
        statement.values(on_hold_since=now, on_hold_reason=reason)
    )
    return result.rowcount == 1


def return_to_queue(session: Session, task_id: int, *, only_if_reason: str | None = None) -> bool:
    """Let experts get a task again, even those past it. Return False if it was not on hold.

    `only_if_reason`: do nothing if it is on hold for another reason.
    """
    statement = update(Task).where(col(Task.id) == task_id, col(Task.on_hold_since).is_not(None))
    if only_if_reason is not None:
        statement = statement.where(col(Task.on_hold_reason) == only_if_reason)
    released = statement.values(on_hold_since=None, on_hold_reason=None, needs_rescan=True)
    return session.connection().execute(released).rowcount == 1


def return_all_to_queue(session: Session, campaign_id: int, reason: str) -> None:
    """Let experts get the tasks of a campaign again that are on hold for this reason."""
    statement = update(Task).where(
        col(Task.campaign_id) == campaign_id, col(Task.on_hold_reason) == reason
    )
    released = statement.values(on_hold_since=None, on_hold_reason=None, needs_rescan=True)
    session.connection().execute(released)


def on_hold_tasks(session: Session, campaign_id: int | None) -> list[OnHoldTask]:
    """Return the tasks on hold in a campaign (None: in all), longest on hold first."""
    query = (
        select(  # type: ignore[call-overload]  # SQLModel types up to four columns
            Task.id,
            Task.campaign_id,
            Campaign.name,
            Item.key,
            Task.on_hold_since,
            Task.on_hold_reason,
        )
        .join(Item, col(Item.id) == col(Task.item_id))
        .join(Campaign, col(Campaign.id) == col(Task.campaign_id))
        .where(col(Task.on_hold_since).is_not(None))
        .order_by(col(Task.on_hold_since), col(Task.id))
    )
    if campaign_id is not None:
        query = query.where(col(Task.campaign_id) == campaign_id)
    return [OnHoldTask(*row) for row in session.exec(query)]


def skip_reasons_of(session: Session, task_id: int, reasons: Sequence[str]) -> list[str]:
    """Return the reason of each skip of a task that is one of `reasons`, in order."""
    query = (
        select(Assignment.skip_reason)
        .where(
            col(Assignment.task_id) == task_id,
            Assignment.state == AssignmentState.SKIPPED,
            col(Assignment.skip_reason).in_(reasons),
        )
        .order_by(col(Assignment.id))
    )
    return [reason or "" for reason in session.exec(query)]


def clear_skip_reason(session: Session, assignment_id: int) -> None:
    """Clear the skip reason of an assignment that was not skipped after all."""
    statement = update(Assignment).where(col(Assignment.id) == assignment_id)
    session.connection().execute(statement.values(skip_reason=None))
