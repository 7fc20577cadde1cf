"""What was found out about the answers of campaigns, and whose turn it is to be looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from storage.queries import putting
from storage.tables import Campaign, CampaignState, Survey


def of(session: Session, campaign_id: int) -> Survey | None:
    """Return what was found last about a campaign."""
    return session.get(Survey, campaign_id)


def put(session: Session, campaign_id: int, found: dict[str, Any], now: datetime) -> None:
    """Keep what was found now."""
    putting.put(session, Survey(campaign_id=campaign_id, found=found, at=now))


def due(session: Session, before: datetime) -> int | None:
    """Return the campaign, not closed, that was looked at least lately: at `before`, or never."""
    chosen = (
        select(Campaign.id)
        .join(Survey, col(Survey.campaign_id) == col(Campaign.id), isouter=True)
        .where(
            Campaign.state != CampaignState.CLOSED,
            or_(col(Survey.at).is_(None), col(Survey.at) <= before),
        )
        .order_by(col(Survey.at).is_not(None), col(Survey.at), col(Campaign.id))
        .limit(1)
    )
    return session.exec(chosen).first()
