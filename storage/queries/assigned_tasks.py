"""The tasks of a campaign that were assigned, each with its expert and state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.tables import Assignment, AssignmentState, Expert, Item, Task


@dataclass(frozen=True, slots=True)
class AssignedTask:
    """A task of an expert. `id` is the number in its reference, as in T-1204."""

    id: int
    item: str
    expert: str
    slack_id: str
    state: AssignmentState
    created_at: datetime
    delivered_at: datetime | None
    answered_at: datetime | None
    leased_until: datetime
    skip_reason: str | None


_TASKS = (
    select(  # type: ignore[call-overload]  # SQLModel's columns are typed as values
        Assignment.id,
        Item.key,
        Expert.pseudonym,
        Expert.slack_id,
        Assignment.state,
        Assignment.created_at,
        Assignment.delivered_at,
        Assignment.answered_at,
        Assignment.leased_until,
        Assignment.skip_reason,
    )
    .select_from(Assignment)
    .join(Task, col(Task.id) == col(Assignment.task_id))
    .join(Item, col(Item.id) == col(Task.item_id))
    .join(Expert, col(Expert.id) == col(Assignment.expert_id))
    .where(col(Task.confirms_assignment_id).is_(None), col(Expert.is_external).is_(False))
    .order_by(col(Assignment.id))
)


def assigned_tasks(
    session: Session,
    campaign_id: int,
    state: AssignmentState | None,
    *,
    after: int,
    limit: int,
) -> list[AssignedTask]:
    """Return up to `limit` tasks of a campaign after an id, in the order of assignment.

    Confirmations, repeats and practice questions, and tasks of imported answers, are left out.
    """
    query = _TASKS.where(
        col(Assignment.campaign_id) == campaign_id, col(Assignment.id) > after
    ).limit(limit)
    if state is not None:
        query = query.where(col(Assignment.state) == state)
    return [_task_of(tuple(row)) for row in session.connection().execute(query)]


def _task_of(row: tuple[Any, ...]) -> AssignedTask:
    number, item, expert, slack_id, state, *times = row
    return AssignedTask(number, item, expert, slack_id, AssignmentState(state), *times)
