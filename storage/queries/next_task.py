"""What decides which task an expert sees next: what they did last, and what they hold already."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam
from sqlmodel import Session, col, select

from storage.prepared_statements import PreparedStatement
from storage.queries.assignments import HeldTask
from storage.queries.tasks import OPEN_STATES
from storage.tables import Assignment, Campaign, CampaignState


class LastTask(NamedTuple):
    """What decides whether an assignment gets a receipt, and where."""

    id: int
    state: str
    value: dict[str, Any] | None
    has_thread: bool


_LAST_TASK = PreparedStatement(
    select(Assignment.id, Assignment.state, Assignment.value, Assignment.has_thread).where(
        col(Assignment.id) == bindparam("assignment")
    )
)


def last_task(session: Session, assignment_id: int) -> LastTask | None:
    """Return what an expert did with an assignment, or None if there is none with this id."""
    row = _LAST_TASK.first(session, assignment=assignment_id)
    return LastTask(*row) if row else None


_IS_HELD = (
    col(Assignment.expert_id) == bindparam("expert"),
    col(Assignment.state).in_(OPEN_STATES),
    Campaign.state == CampaignState.OPEN,
)
_HELD_TASKS: Any = (
    select(Assignment.id, Assignment.state)
    .join(Campaign, and_(col(Campaign.id) == col(Assignment.campaign_id)))
    .where(*_IS_HELD)
)
_HELD_TASK, _HELD_TASK_IN_CAMPAIGN = (
    PreparedStatement(held.order_by(col(Assignment.id)).limit(1))
    for held in (
        _HELD_TASKS,
        _HELD_TASKS.where(col(Assignment.campaign_id) == bindparam("campaign")),
    )
)


def held_task(session: Session, expert_id: int, campaign_id: int | None = None) -> HeldTask | None:
    """Return what `oldest_open_assignment` does, without loading it: each answer comes here."""
    if campaign_id is None:
        row = _HELD_TASK.first(session, expert=expert_id)
    else:
        row = _HELD_TASK_IN_CAMPAIGN.first(session, expert=expert_id, campaign=campaign_id)
    return HeldTask(*row) if row else None
