"""Agreement job: recompute figures, accuracies and priorities of the next due campaign."""

from __future__ import annotations

from bot.clock import Clock
from bot.services.assignments import pair_priorities
from bot.services.reports import agreement, expert_accuracy
from storage.database import Database


def recompute_due(database: Database, clock: Clock) -> None:
    """Recompute and store the figures of the campaign with the oldest ones, if any is due."""
    now = clock.now()
    campaign_id = database.read_now(agreement.next_due_campaign, now)
    if campaign_id is not None:
        figures = database.read_now(agreement.compute_figures, campaign_id)
        accuracies = database.read_now(expert_accuracy.estimate_campaign, campaign_id)
        database.write_now(agreement.store_figures, campaign_id, figures, now)
        database.write_now(expert_accuracy.store_campaign, campaign_id, accuracies)
        plan = database.read_now(pair_priorities.plan_campaign, campaign_id)
        if plan:
            database.write_now(pair_priorities.store_plan, campaign_id, plan)
