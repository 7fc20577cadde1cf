"""Quotas: how many tasks of a campaign one expert may get, and how many they have."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column
from sqlmodel import Session, col, select

from storage.prepared_statements import PreparedStatement
from storage.tables import Assignment, Campaign, Membership, Task

_COUNTS = and_(
    literal_column("assignment.state IN ('queued', 'delivered', 'answered')"),
    col(Task.confirms_assignment_id).is_(None),
)
"""What makes an assignment count: open or answered, and no practice, repeat or confirmation."""

_COUNT = PreparedStatement(
    select(func.count())
    .select_from(Assignment)
    .join(Task, col(Task.id) == col(Assignment.task_id))
    .where(
        col(Assignment.campaign_id) == bindparam("campaign"),
        col(Assignment.expert_id) == bindparam("expert"),
        _COUNTS,
    )
)


def count_toward_quota(session: Session, expert_id: int, campaign_id: int) -> int:
    """Return how many tasks of a campaign an expert has open or has answered."""
    ((count,),) = _COUNT.rows(session, campaign=campaign_id, expert=expert_id)
    return int(count)


def members_at_quota(session: Session) -> dict[int, int]:
    """Return by campaign how many current members have as many tasks as one expert may get."""
    is_member = and_(
        col(Membership.campaign_id) == col(Assignment.campaign_id),
        col(Membership.expert_id) == col(Assignment.expert_id),
        col(Membership.left_at).is_(None),
    )
    query: Any = (
        select(Assignment.campaign_id)
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Campaign, col(Campaign.id) == col(Assignment.campaign_id))
        .join(Membership, is_member)
        .where(Campaign.max_answers > 0, _COUNTS)
        .group_by(col(Assignment.campaign_id), col(Assignment.expert_id), col(Campaign.max_answers))
        .having(func.count() >= col(Campaign.max_answers))
    )
    return dict(Counter(campaign_id for (campaign_id,) in session.connection().execute(query)))
