"""Looking at all the answers of the campaign whose turn it is, in a process of its own."""

from __future__ import annotations

from bot.clock import Clock
from bot.services.reports import agreement
from storage.database import Database


def recompute_due(database: Database, clock: Clock) -> None:
    """Look again at the campaign that was looked at least lately; what is found is kept."""
    now = clock.now()
    campaign_id = database.read_now(agreement.next_due_campaign, now)
    if campaign_id is not None:
        figures = database.read_now(agreement.compute_figures, campaign_id)
        database.write_now(agreement.store_figures, campaign_id, figures, now)
