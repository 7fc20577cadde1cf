"""Alerts about clear failures of an expert's answers, and who is paused because of one."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import and_
from sqlmodel import Session, col, select

from storage.tables import Campaign, Expert, Membership, QualityAlert


class AlertRow(NamedTuple):
    """An alert with its campaign, its expert and their membership."""

    alert: QualityAlert
    campaign: Campaign
    expert: Expert
    membership: Membership

    @property
    def is_paused(self) -> bool:
        """Return whether the expert is paused because of this alert."""
        alert = self.alert
        is_on = alert.paused_at is not None and alert.resumed_at is None
        return is_on and self.membership.left_at == alert.paused_at


def alert_by_id(session: Session, alert_id: int) -> AlertRow | None:
    """Return an alert, None if there is none."""
    query = (
        select(QualityAlert, Campaign, Expert, Membership)
        .join(Campaign, and_(col(Campaign.id) == col(QualityAlert.campaign_id)))
        .join(Expert, and_(col(Expert.id) == col(QualityAlert.expert_id)))
        .join(
            Membership,
            and_(
                col(Membership.campaign_id) == col(QualityAlert.campaign_id),
                col(Membership.expert_id) == col(QualityAlert.expert_id),
            ),
        )
        .where(QualityAlert.id == alert_id)
    )
    row = session.exec(query).first()
    return AlertRow(*row) if row else None


def known_patterns(session: Session, campaign_id: int) -> set[tuple[int, str]]:
    """Return the expert and the pattern of each alert of a campaign."""
    query = select(QualityAlert.expert_id, QualityAlert.pattern).where(
        QualityAlert.campaign_id == campaign_id
    )
    return set(session.exec(query).all())


def active_member_ids(session: Session, campaign_id: int) -> set[int]:
    """Return the experts who are members of a campaign now."""
    query = select(Membership.expert_id).where(
        Membership.campaign_id == campaign_id, col(Membership.left_at).is_(None)
    )
    return set(session.exec(query).all())


def alerts_of(session: Session, campaign_id: int, expert_id: int) -> list[QualityAlert]:
    """Return the alerts about an expert in a campaign, oldest first."""
    query = (
        select(QualityAlert)
        .where(QualityAlert.campaign_id == campaign_id, QualityAlert.expert_id == expert_id)
        .order_by(col(QualityAlert.id))
    )
    return list(session.exec(query).all())
