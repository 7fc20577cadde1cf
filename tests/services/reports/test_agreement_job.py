"""Agreement job in a child process."""

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


async def test_job_recomputes_due_campaign_only(sqlite_url: str, tmp_path: Path) -> None:
    with closing(Database(sqlite_url)) as database:
        scenario = Scenario(database, tmp_path)
        scenario.create_campaign(overlap=1, experts=["U0ADA"])
        scenario.import_rows("tone", [pair(1), pair(2)])
        scenario.answer_all("U0ADA", verdict="tie")
        await run_in_child("bot.agreement_process", sqlite_url, NOW)
        stored = database.read_now(agreement.stored_figures, 1)
        assert stored is not None
        assert stored.figures == database.read_now(agreement.compute_figures, 1)
        assert timedelta() <= stored.computed_at - NOW < timedelta(minutes=1)
        agreement_job.recompute_due(database, AdjustableClock(NOW + MAX_REPORT_AGE / 2))
        assert database.read_now(agreement.stored_figures, 1) == stored
