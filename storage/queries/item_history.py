"""The assignments of an item: who got it, when, and what they answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from storage.tables import Assignment, Expert, Membership, Task


class ItemAssignment(NamedTuple):
    """An assignment of an item. A `confirms_assignment_id` is set for other than ordinary tasks."""

    assignment_id: int
    slack_id: str
    name: str
    pseudonym: str
    state: str
    value: dict[str, Any] | None
    candidate_order: list[int]
    complete: bool
    skip_reason: str | None
    created_at: datetime
    delivered_at: datetime | None
    answered_at: datetime | None
    finalized_by: str | None
    confirms_assignment_id: int | None
    is_repeat: bool
    practice_attempt: int | None


def assignments_of_item(session: Session, item_id: int) -> list[ItemAssignment]:
    """Return all assignments of an item, oldest first."""
    query = (
        select(  # type: ignore[call-overload, misc]  # SQLModel types up to four columns
            Assignment.id,
            Expert.slack_id,
            Expert.name,
            Expert.pseudonym,
            Assignment.state,
            Assignment.value,
            Assignment.candidate_order,
            Assignment.complete,
            Assignment.skip_reason,
            Assignment.created_at,
            Assignment.delivered_at,
            Assignment.answered_at,
            Assignment.finalized_by,
            Task.confirms_assignment_id,
            Task.is_repeat,
            Task.practice_attempt,
        )
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Expert, col(Expert.id) == col(Assignment.expert_id))
        .where(col(Task.item_id) == item_id)
        .order_by(col(Assignment.id))
    )
    return [ItemAssignment(*row) for row in session.exec(query)]


def item_of_assignment(session: Session, campaign_id: int, assignment_id: int) -> int | None:
    """Return the item of an assignment of a campaign, None if the campaign has no such one."""
    query = (
        select(Task.item_id)
        .join(Assignment, col(Assignment.task_id) == col(Task.id))
        .where(Assignment.id == assignment_id, Assignment.campaign_id == campaign_id)
    )
    return session.exec(query).first()


def is_active_member(session: Session, campaign_id: int, slack_id: str) -> bool:
    """Return whether a person is a member of a campaign and has not left it."""
    query = (
        select(Membership.expert_id)
        .join(Expert, col(Expert.id) == col(Membership.expert_id))
        .where(
            Membership.campaign_id == campaign_id,
            Expert.slack_id == slack_id,
            col(Membership.left_at).is_(None),
        )
    )
    return session.exec(query).first() is not None
