"""Who holds tasks: those that are shown to them, and those that were handed to them and wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, or_
from sqlmodel import Session, col, select

from storage.queries.tasks import OPEN_STATES, WAITING_STATE
from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    CampaignState,
    Expert,
    OutboxMessage,
)


def experts_with_undelivered_tasks(session: Session, assigned_before: datetime) -> Sequence[Expert]:
    """Return experts who are shown no task and hold one that waits to be shown.

    They hold it since `before`, or answered it and got it back. Not those who are away, nor those
    to whom something is about to be said.
    """
    held = (
        exists()
        .where(col(Assignment.expert_id) == col(Expert.id), col(Assignment.state).in_(OPEN_STATES))
        .where(col(Campaign.id) == col(Assignment.campaign_id))
        .where(col(Campaign.state) == CampaignState.OPEN)
    )
    shown = held.where(col(Assignment.state) == AssignmentState.DELIVERED)
    is_waiting = held.where(
        col(Assignment.state) == AssignmentState.QUEUED,
        or_(col(Assignment.created_at) <= assigned_before, col(Assignment.version) > 0),
    )
    has_waiting_message = exists().where(
        col(OutboxMessage.recipient) == col(Expert.slack_id),
        col(OutboxMessage.state) == WAITING_STATE,
    )
    query = select(Expert).where(
        col(Expert.away_since).is_(None), is_waiting, ~shown, ~has_waiting_message
    )
    return session.exec(query.order_by(col(Expert.id))).all()


def experts_with_delivered_tasks(
    session: Session, campaign_id: int | None
) -> list[tuple[Expert, list[int]]]:
    """Return who is shown tasks of a campaign (None: of any that is open), and which."""
    query = (
        select(Expert, Assignment.id)
        .join(Assignment, col(Assignment.expert_id) == col(Expert.id))
        .join(Campaign, col(Campaign.id) == col(Assignment.campaign_id))
        .where(col(Assignment.state).in_(OPEN_STATES))  # so is the index of open ones found
        .where(Assignment.state == AssignmentState.DELIVERED)
        .where(Campaign.state == CampaignState.OPEN)
        .order_by(col(Expert.id), col(Assignment.id))
    )
    if campaign_id is not None:
        query = query.where(Campaign.id == campaign_id)
    found: dict[int, tuple[Expert, list[int]]] = {}
    for expert, assignment in session.exec(query):
        found.setdefault(expert.id or 0, (expert, []))[1].append(assignment or 0)
    return list(found.values())
