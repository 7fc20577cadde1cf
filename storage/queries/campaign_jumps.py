"""Jumps of campaigns that coordinators were notified of."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import and_
from sqlmodel import Session, col, select

from storage.tables import Campaign, CampaignJump


class CampaignJumpRow(NamedTuple):
    """A jump with its campaign."""

    jump: CampaignJump
    campaign: Campaign


def campaign_jump_by_id(session: Session, jump_id: int) -> CampaignJumpRow | None:
    """Return a jump, None if there is none."""
    query = (
        select(CampaignJump, Campaign)
        .join(Campaign, and_(col(Campaign.id) == col(CampaignJump.campaign_id)))
        .where(CampaignJump.id == jump_id)
    )
    row = session.exec(query).first()
    return CampaignJumpRow(*row) if row else None


def known_jumps(session: Session, campaign_id: int) -> set[tuple[str, date]]:
    """Return the figure and the week of each jump of a campaign that was reported."""
    query = select(col(CampaignJump.figure), col(CampaignJump.week)).where(
        CampaignJump.campaign_id == campaign_id
    )
    return set(session.exec(query).all())
