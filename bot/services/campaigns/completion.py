"""Which campaigns are complete: every item has all the answers it needs.

Answers, exclusions, new items and other numbers of answers per item change this, so a scheduled job
compares it with what is stored. The event of a completion is queued once, with the change.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.webhooks.events import CampaignDone
from storage.queries import completion, webhook_deliveries
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.row_id import id_of


def has_changed(session: Session) -> bool:
    """Return whether `update_completion` has work."""
    return bool(completion.changed_campaigns(session))


def update_completion(session: Session, now: datetime) -> int:
    """Store which campaigns are complete now; return how many became so or are not any more."""
    acquire_advisory_lock(session, "update_completion")
    changed = completion.changed_campaigns(session)
    for campaign in changed:
        is_complete = campaign.completed_at is None
        completion.set_completed_at(session, campaign, now if is_complete else None)
        if is_complete:
            done = CampaignDone("complete")
            webhook_deliveries.queue_event(session, done, campaign_id=id_of(campaign), now=now)
    return len(changed)
