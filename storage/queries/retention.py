"""Retention of personal data: closed campaigns, and experts whose data no campaign needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from storage.tables import (
    Assignment,
    AuditEvent,
    Campaign,
    CampaignState,
    Expert,
    Membership,
    RoleGrant,
)


def closed_with_retention(session: Session) -> Sequence[Campaign]:
    """Return the closed campaigns that keep personal data for a time only."""
    query = select(Campaign).where(
        Campaign.state == CampaignState.CLOSED, col(Campaign.retention_days).is_not(None)
    )
    return session.exec(query).all()


def last_event_at(session: Session, subject: str, action: str) -> datetime | None:
    """Return when an action on a subject was last recorded, None if never."""
    query = select(func.max(AuditEvent.at)).where(
        AuditEvent.subject == subject, AuditEvent.action == action
    )
    return session.exec(query).one()


def experts_only_in(
    session: Session, campaign_ids: Collection[int], limit: int
) -> Sequence[Expert]:
    """Return experts who are or were in these campaigns and in no other, oldest first.

    Erased ones, and people with a role, who still work here, are left out.
    """
    is_kept = _is_in(col(Campaign.id).not_in(campaign_ids))
    is_erased = or_(
        col(Expert.slack_id) == col(Expert.pseudonym),
        and_(col(Expert.is_external), col(Expert.name) == ""),
    )
    has_role = select(RoleGrant.slack_id).where(RoleGrant.slack_id == Expert.slack_id).exists()
    query = select(Expert).where(
        _is_in(col(Campaign.id).in_(campaign_ids)), ~is_kept, ~is_erased, ~has_role
    )
    return session.exec(query.order_by(col(Expert.id)).limit(limit)).all()


def _is_in(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return a condition: the expert is a member of such a campaign, or has a task of it."""
    member = select(Campaign.id).join(Membership, col(Membership.campaign_id) == col(Campaign.id))
    holder = select(Campaign.id).join(Assignment, col(Assignment.campaign_id) == col(Campaign.id))
    return or_(
        member.where(Membership.expert_id == Expert.id, condition).exists(),
        holder.where(Assignment.expert_id == Expert.id, condition).exists(),
    )
