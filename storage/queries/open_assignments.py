"""Experts with open assignments, delivered or still undelivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, or_
from sqlmodel import Session, col, select

from storage.queries.tasks import OPEN_STATES, WAITING_STATE
from storage.row_id import id_of, require_id
from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    CampaignState,
    Expert,
    OutboxMessage,
)


def experts_with_undelivered_tasks(session: Session, assigned_before: datetime) -> Sequence[Expert]:
    """Return experts who have an undelivered task and no delivered one, in open campaigns.

    The task was assigned by `assigned_before`, or was answered before and reopened. Experts who are
    away or have a message waiting in the outbox are left out.
    """
    open_assignment = (
        exists()
        .where(col(Assignment.expert_id) == col(Expert.id), col(Assignment.state).in_(OPEN_STATES))
        .where(col(Campaign.id) == col(Assignment.campaign_id))
        .where(col(Campaign.state) == CampaignState.OPEN)
    )
    has_delivered_task = open_assignment.where(col(Assignment.state) == AssignmentState.DELIVERED)
    has_undelivered_task = open_assignment.where(
        col(Assignment.state) == AssignmentState.QUEUED,
        or_(col(Assignment.created_at) <= assigned_before, col(Assignment.version) > 0),
    )
    has_waiting_message = exists().where(
        col(OutboxMessage.recipient) == col(Expert.slack_id),
        col(OutboxMessage.state) == WAITING_STATE,
    )
    query = select(Expert).where(
        col(Expert.away_since).is_(None),
        has_undelivered_task,
        ~has_delivered_task,
        ~has_waiting_message,
    )
    return session.exec(query.order_by(col(Expert.id))).all()


def experts_with_delivered_tasks(
    session: Session, campaign_id: int | None
) -> list[tuple[Expert, list[int]]]:
    """Return experts with delivered tasks of a campaign, with the assignment ids.

    Without a campaign, tasks of all open campaigns count.
    """
    query = (
        select(Expert, Assignment.id)
        .join(Assignment, col(Assignment.expert_id) == col(Expert.id))
        .join(Campaign, col(Campaign.id) == col(Assignment.campaign_id))
        .where(col(Assignment.state).in_(OPEN_STATES))  # uses the index of open assignments
        .where(Assignment.state == AssignmentState.DELIVERED)
        .where(Campaign.state == CampaignState.OPEN)
        .order_by(col(Expert.id), col(Assignment.id))
    )
    if campaign_id is not None:
        query = query.where(Campaign.id == campaign_id)
    experts: dict[int, tuple[Expert, list[int]]] = {}
    for expert, assignment_id in session.exec(query):
        experts.setdefault(id_of(expert), (expert, []))[1].append(require_id(assignment_id))
    return list(experts.values())
