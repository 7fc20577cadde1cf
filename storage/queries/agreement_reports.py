"""What was found out about the answers of campaigns, and whose turn it is to be looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from storage.queries import upsert
from storage.tables import AgreementReport, Campaign, CampaignState


def report_of(session: Session, campaign_id: int) -> AgreementReport | None:
    """Return what was found last about a campaign."""
    return session.get(AgreementReport, campaign_id)


def save(session: Session, campaign_id: int, figures: dict[str, Any], now: datetime) -> None:
    """Keep what was found now."""
    upsert.upsert_row(
        session, AgreementReport(campaign_id=campaign_id, figures=figures, computed_at=now)
    )


def due_campaign_id(session: Session, before: datetime) -> int | None:
    """Return the campaign, not closed, that was looked at least lately: at `before`, or never."""
    query = (
        select(Campaign.id)
        .join(AgreementReport, col(AgreementReport.campaign_id) == col(Campaign.id), isouter=True)
        .where(
            Campaign.state != CampaignState.CLOSED,
            or_(
                col(AgreementReport.computed_at).is_(None),
                col(AgreementReport.computed_at) <= before,
            ),
        )
        .order_by(
            col(AgreementReport.computed_at).is_not(None),
            col(AgreementReport.computed_at),
            col(Campaign.id),
        )
        .limit(1)
    )
    return session.exec(query).first()
