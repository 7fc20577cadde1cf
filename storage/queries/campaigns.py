"""Campaigns: finding them by id, name or state."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from storage.tables import Campaign, CampaignState, Item, Membership


def find_by_id(session: Session, campaign_id: int, *, lock: bool = False) -> Campaign | None:
    """Return the campaign with an id, locked if `lock` is set; None if there is none."""
    query = select(Campaign).where(Campaign.id == campaign_id)
    return session.exec(query.with_for_update() if lock else query).first()


def find_by_name(session: Session, name: str, *, lock: bool = False) -> Campaign | None:
    """Return the campaign called `name`, locked if `lock` is set; None if there is none."""
    query = select(Campaign).where(Campaign.name == name)
    return session.exec(query.with_for_update() if lock else query).first()


def list_campaigns(session: Session) -> Sequence[Campaign]:
    """Return all campaigns, oldest first."""
    return session.exec(select(Campaign).order_by(col(Campaign.id))).all()


def list_names(session: Session) -> list[str]:
    """Return the names of all campaigns, oldest first."""
    return list(session.exec(select(Campaign.name).order_by(col(Campaign.id))))


def newest_in_states(session: Session, states: Collection[CampaignState]) -> Sequence[Campaign]:
    """Return the campaigns in one of these states, newest first."""
    query = select(Campaign).where(col(Campaign.state).in_(states))
    return session.exec(query.order_by(col(Campaign.id).desc())).all()


def newest_not_closed(session: Session) -> Sequence[Campaign]:
    """Return the campaigns that are not closed, newest first."""
    query = select(Campaign).where(Campaign.state != CampaignState.CLOSED)
    return session.exec(query.order_by(col(Campaign.id).desc())).all()


def has_items(session: Session, campaign_id: int) -> bool:
    """Return whether a campaign has items that are not deleted."""
    query = select(Item.id).where(Item.campaign_id == campaign_id, col(Item.deleted_at).is_(None))
    return session.exec(query.limit(1)).first() is not None


def active_member_ids(session: Session, campaign_id: int) -> set[int]:
    """Return the experts who are members of a campaign and have not left it."""
    query = select(Membership.expert_id).where(
        Membership.campaign_id == campaign_id, col(Membership.left_at).is_(None)
    )
    return set(session.exec(query))
