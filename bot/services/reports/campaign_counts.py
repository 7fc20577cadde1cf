"""The few counts of a campaign that an export needs; `campaign_status.py` has all of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from storage.queries import progress
from storage.queries.progress import StateCount
from storage.row_id import id_of
from storage.tables import AssignmentState, Campaign


@dataclass(frozen=True, slots=True)
class CampaignCounts:
    """Counts of one campaign; they mean the same as in a `CampaignStatus`."""

    items: int
    answered: int
    skipped: int
    experts: int


def counts_of(session: Session, campaign: Campaign) -> CampaignCounts:
    """Return the counts of a campaign."""
    campaign_id = id_of(campaign)
    states = progress.counts_by_state(session, campaign_id)
    answered, skipped = (
        states.get((campaign_id, state), StateCount()).assignments
        for state in (AssignmentState.ANSWERED, AssignmentState.SKIPPED)
    )
    has_confirmation = int(campaign.settings.get("levels", 1)) > 1
    confirmed = progress.confirmed_counts(session, campaign_id) if has_confirmation else {}
    return CampaignCounts(
        items=progress.item_counts(session, campaign_id).get(campaign_id, 0),
        answered=answered + confirmed.get(campaign_id, 0),
        skipped=skipped,
        experts=progress.member_counts(session, campaign_id).get(campaign_id, 0),
    )
