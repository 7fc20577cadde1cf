"""Quotas: how many more tasks of a campaign an expert may get."""

from __future__ import annotations

from sqlmodel import Session

from storage.queries.quotas import count_toward_quota
from storage.queries.task_routing import OpenMembership


def quota_left(session: Session, expert_id: int, membership: OpenMembership) -> int | None:
    """Return how many more tasks of a campaign an expert may get; None: there is no limit."""
    if not membership.max_answers:
        return None
    counted = count_toward_quota(session, expert_id, membership.campaign_id)
    return max(membership.max_answers - counted, 0)
