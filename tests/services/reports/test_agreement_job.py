"""Looking at answers in a process of its own."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bot.child_process import run_in_child
from bot.clock import AdjustableClock
from bot.services.reports import agreement, agreement_job
from bot.services.reports.agreement import MAX_REPORT_AGE
from storage.database import Database
from tests.services.conftest import NOW, Scenario, pair


async def test_it_looks_at_whose_turn_it_is_and_keeps_what_it_finds(
    sqlite_url: str, tmp_path: Path
) -> None:
    with closing(Database(sqlite_url)) as database:
        scenario = Scenario(database, tmp_path)
        scenario.create_campaign(overlap=1, experts=["U0ADA"])
        scenario.import_rows("tone", [pair(1), pair(2)])
        scenario.answer_all("U0ADA", verdict="tie")
        await run_in_child("bot.agreement_process", sqlite_url, NOW)
        kept = database.read_now(agreement.stored_figures, 1)
        assert kept is not None
        assert kept.figures == database.read_now(agreement.compute_figures, 1)
        assert timedelta() <= kept.computed_at - NOW < timedelta(minutes=1)
        agreement_job.recompute_due(database, AdjustableClock(NOW + MAX_REPORT_AGE / 2))
        assert database.read_now(agreement.stored_figures, 1) == kept
