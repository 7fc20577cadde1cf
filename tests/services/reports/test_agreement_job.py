"""Agreement job in a child process."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.child_process import run_in_child
from bot.clock import AdjustableClock
from bot.quality.agreement.interval import MIN_ITEMS
from bot.services.reports import agreement, agreement_job
from bot.services.reports.agreement import MAX_REPORT_AGE
from bot.services.reports.model_ranks import ranks_models
from storage.database import Database
from storage.tables import AgreementReport
from tests.services.conftest import NOW, Scenario, pair


@pytest.mark.slow
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


def test_job_ranks_models_without_their_names(scenario: Scenario) -> None:
    """Comparisons are blind, so the names are not even stored with what Slack shows."""
    scenario.create_campaign(overlap=1, experts=["U0ADA"])
    scenario.import_rows("tone", [pair(number) for number in range(MIN_ITEMS)])
    database = scenario.database
    assert not database.read_now(ranks_models, 1), "there are no answers yet"
    scenario.answer_all("U0ADA", verdict="a")
    assert database.read_now(ranks_models, 1)
    agreement_job.recompute_due(database, AdjustableClock(NOW))
    (row,) = scenario.rows(AgreementReport)
    assert [model["group"] for model in row.figures["models"]] == [1, 1]
    assert not {"heron-7b", "wren-mini"} & set(repr(row.figures).split("'"))
    stored = database.read_now(agreement.stored_figures, 1)
    assert stored is not None
    best, worst = stored.figures.models
    assert best.strength >= worst.strength
    assert best.rank_low is not None
    renewed = database.read_now(agreement.compute_with_stored_models, 1)
    assert renewed.models == stored.figures.models, "they stay until the job computes them again"


def test_campaign_without_models_ranks_none(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=["U0ADA"])
    rows = [pair(number, model_a=None, model_b=None) for number in range(MIN_ITEMS)]
    scenario.import_rows("tone", rows)
    scenario.answer_all("U0ADA", verdict="a")
    assert not scenario.database.read_now(ranks_models, 1)
