"""Where the models of a campaign stand, without their names.

Slack shows this to coordinators. Comparisons are blind, and a coordinator may label as well, so the
names stay on the command line: they are not even stored with these figures.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from bot.quality.agreement.interval import MIN_ITEMS
from storage.queries import votes
from storage.row_id import id_of
from storage.tables import Campaign

RANKED_KINDS = ("comparison", "ranking")
"""Kinds of campaigns that compare the responses of models."""


@dataclass(frozen=True, slots=True)
class ModelStanding:
    """A model that was compared with others; the attributes are those of `RankedModel`."""

    group: int
    strength: float
    low: float | None
    high: float | None
    rank_low: int | None
    rank_high: int | None


def can_rank_models(session: Session, campaign: Campaign) -> bool:
    """Return whether experts compare responses, and items name their models."""
    return campaign.kind in RANKED_KINDS and votes.has_models(session, id_of(campaign))


def ranks_models(session: Session, campaign_id: int) -> bool:
    """Return whether the status shows models: if they are known and there are enough answers."""
    campaign = session.get_one(Campaign, campaign_id)
    return (
        campaign.kind in RANKED_KINDS
        and votes.count_answers(session, campaign_id) >= MIN_ITEMS
        and votes.has_models(session, campaign_id)
    )
