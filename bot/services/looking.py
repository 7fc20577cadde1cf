"""Looking at all the answers of the campaign whose turn it is, in a process of its own."""

from __future__ import annotations

from bot.clock import Clock
from bot.services import surveying
from storage.database import Database


def run_due(database: Database, clock: Clock) -> None:
    """Look again at the campaign that was looked at least lately; what is found is kept."""
    now = clock.now()
    campaign = database.read_now(surveying.due, now)
    if campaign is not None:
        found = database.read_now(surveying.survey, campaign)
        database.write_now(surveying.keep, campaign, found, now)
