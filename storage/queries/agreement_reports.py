"""Stored agreement figures of campaigns, and which campaign's figures to compute next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from storage.queries import upsert
from storage.tables import AgreementReport, Campaign, CampaignState


def report_of(session: Session, campaign_id: int) -> AgreementReport | None:
    """Return the latest agreement figures of a campaign."""
    return session.get(AgreementReport, campaign_id)


def save(session: Session, campaign_id: int, figures: dict[str, Any], now: datetime) -> None:
    """Store the agreement figures of a campaign as computed now."""
    upsert.upsert_row(
        session, AgreementReport(campaign_id=campaign_id, figures=figures, computed_at=now)
    )


def remove(session: Session, campaign_id: int) -> None:
    """Remove the agreement figures of a campaign, so that they are computed next."""
    session.connection().execute(
        delete(AgreementReport).where(col(AgreementReport.campaign_id) == campaign_id)
    )


def due_campaign_id(session: Session, now: datetime, max_age: timedelta) -> int | None:
    """Return the campaign, not closed, with the oldest figures: of `max_age`, or none at all.

    Figures that lie ahead are old, because the clock was set back.
    """
    query = (
        select(Campaign.id)
        .join(AgreementReport, col(AgreementReport.campaign_id) == col(Campaign.id), isouter=True)
        .where(
            Campaign.state != CampaignState.CLOSED,
            or_(
                col(AgreementReport.computed_at).is_(None),
                col(AgreementReport.computed_at) <= now - max_age,
                col(AgreementReport.computed_at) > now,
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
