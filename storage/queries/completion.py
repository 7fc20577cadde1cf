"""Which items and campaigns have all the answers they need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, func, literal_column, or_
from sqlmodel import Session, col, select

from storage.prepared_statements import PreparedStatement
from storage.queries.confirmation import is_final
from storage.queries.progress import is_dataset_task
from storage.tables import Assignment, AssignmentState, Campaign, CampaignState, Task

_LOCK_OVERLAP = PreparedStatement(
    select(Task.overlap)
    .where(col(Task.id) == bindparam("task"), *is_dataset_task())
    .with_for_update(of=Task)
)

_FINAL_ANSWERS = PreparedStatement(
    select(func.count())
    .select_from(Assignment)
    .where(
        col(Assignment.task_id) == bindparam("task"),
        col(Assignment.state) == AssignmentState.ANSWERED,
        is_final(),
    )
)

_IS_OPEN_TASK = and_(
    col(Task.campaign_id) == col(Campaign.id),
    literal_column("task.slots_taken < task.overlap"),
    *is_dataset_task(),
)
"""A literal, because the index of tasks with free slots has the same condition."""

_IS_OPEN_ASSIGNMENT = and_(
    col(Assignment.campaign_id) == col(Campaign.id),
    literal_column("assignment.state IN ('queued', 'delivered')"),
    col(Assignment.task_id) == col(Task.id),
    *is_dataset_task(),
)

_IS_UNCONFIRMED = and_(
    col(Assignment.campaign_id) == col(Campaign.id),
    col(Assignment.state) == AssignmentState.ANSWERED,
    ~is_final(),
)

_IS_COMPLETE = and_(
    exists().where(col(Task.campaign_id) == col(Campaign.id), *is_dataset_task()),
    ~exists().where(_IS_OPEN_TASK),
    ~exists().where(_IS_OPEN_ASSIGNMENT),
    ~exists().where(_IS_UNCONFIRMED),
)
"""The cheapest condition comes first: most campaigns have a task with a free slot."""


def has_all_answers(session: Session, task_id: int) -> bool:
    """Return whether an item has all the answers it needs; False for gold and confirmations.

    The task is locked, so that of two experts who answer at the same time, the second sees both
    answers.
    """
    row = _LOCK_OVERLAP.first(session, task=task_id)
    if row is None:
        return False
    count = _FINAL_ANSWERS.first(session, task=task_id)
    return count is not None and count[0] >= row[0]


def changed_campaigns(session: Session) -> Sequence[Campaign]:
    """Return the open and paused campaigns that became complete, or are not any more."""
    query = select(Campaign).where(
        Campaign.state != CampaignState.CLOSED,
        or_(
            and_(col(Campaign.completed_at).is_(None), _IS_COMPLETE),
            and_(col(Campaign.completed_at).is_not(None), ~_IS_COMPLETE),
        ),
    )
    return session.exec(query.order_by(col(Campaign.id))).all()


def set_completed_at(session: Session, campaign: Campaign, at: datetime | None) -> None:
    """Store since when a campaign has all the answers it needs; None: it needs more."""
    campaign.completed_at = at
    session.add(campaign)
