"""What happens to experts whose answers clearly fail; it can change while a campaign runs."""

from __future__ import annotations

from sqlmodel import Session

from bot.services.actors.actor import Actor, subject_of
from bot.services.campaigns.campaigns import require_not_closed
from storage.tables import Campaign


def change_pausing(session: Session, campaign: Campaign, actor: Actor, *, pauses: bool) -> bool:
    """Change whether a campaign pauses experts whose answers fail; return whether it changed.

    It applies to later alerts. Experts who are paused stay so until a coordinator resumes them.

    Raises:
        ClosedCampaignError: the campaign is closed.
    """
    require_not_closed(campaign)
    if campaign.pause_on_quality_failure == pauses:
        return False
    campaign.pause_on_quality_failure = pauses
    session.add(campaign)
    subject = subject_of(campaign)
    actor.record(session, "changed pausing of experts", subject, pauses=pauses)
    return True
