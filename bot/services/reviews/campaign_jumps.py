"""Jumps of campaigns: coordinators are notified once of a week that differs from those before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from bot.messages.quality import CampaignJumpMessage
from bot.quality.reliability.jumps import Jump
from bot.services.campaigns.notify_coordinators import notify_coordinators
from bot.services.reports import agreement
from bot.services.reports.answer_warnings import describe_campaign_jump
from bot.webhooks.events import WarningRaised
from storage.queries import campaign_jumps, webhook_deliveries
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.row_id import id_of
from storage.tables import Campaign, CampaignJump, CampaignState


def has_new_jumps(session: Session, campaign_id: int) -> bool:
    """Return whether the stored figures of a campaign have jumps that nobody was notified of."""
    return bool(_new_jumps(session, campaign_id))


def report_jumps(
    session: Session, campaign_id: int, coordinators: Collection[str], now: datetime
) -> int:
    """Notify the coordinators of each new jump in the stored figures; return how many.

    All answers count as before: what follows from a jump is for coordinators to decide.
    """
    acquire_advisory_lock(session, "report_jumps")
    found = _new_jumps(session, campaign_id)
    for jump in found:
        reported = CampaignJump(
            campaign_id=campaign_id,
            figure=jump.figure,
            week=jump.week,
            text=describe_campaign_jump(jump),
            created_at=now,
        )
        session.add(reported)
        session.flush()
        notify_coordinators(
            session,
            CampaignJumpMessage(id_of(reported)),
            campaign_id=campaign_id,
            coordinators=coordinators,
            now=now,
        )
        event = WarningRaised("jump", reported.text)
        webhook_deliveries.queue_event(session, event, campaign_id=campaign_id, now=now)
    return len(found)


def _new_jumps(session: Session, campaign_id: int) -> list[Jump]:
    stored = agreement.stored_figures(session, campaign_id)
    campaign = session.get_one(Campaign, campaign_id)
    if stored is None or not stored.figures.jumps or campaign.state == CampaignState.CLOSED:
        return []
    known = campaign_jumps.known_jumps(session, campaign_id)
    return [jump for jump in stored.figures.jumps if (jump.figure, jump.week) not in known]
