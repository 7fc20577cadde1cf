"""Exports that freeze: exactly the exported answers become final."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.clock import AdjustableClock
from bot.exports.export_folder import ExportResult
from bot.services.answers import freeze, labels, submit
from bot.services.answers.submit import FinalAnswerError
from bot.services.exports import jobs
from bot.services.exports import run as export_runner
from bot.services.exports.jobs import ClaimedExportRun, ExportRequest
from bot.services.exports.run import DiskError
from storage.tables import Assignment, Campaign
from tests.services.conftest import Scenario
from tests.services.tasks.test_scheduled_delivery import ADA, open_campaign


def claim_export(scenario: Scenario, request: ExportRequest) -> ClaimedExportRun:
    """Queue and claim an export."""
    return scenario.run_for_campaign("tone", jobs.queue_and_claim, request, scenario.actor)


def export(scenario: Scenario, *, freezes: bool = True) -> ExportResult:
    """Export all answers."""
    request = ExportRequest("annotations", scenario.folder / "exports", freezes=freezes)
    run = claim_export(scenario, request)
    return export_runner.run_export(scenario.database, run, AdjustableClock(scenario.now))


def answer_tasks(scenario: Scenario, count: int) -> None:
    """Answer Ada's next tasks."""
    for _ in range(count):
        scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")


def test_frozen_answer_cannot_be_undone(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=3)
    answer_tasks(scenario, 2)
    assert export(scenario).row_count == 2
    with pytest.raises(
        FinalAnswerError, match="made final by the export tone-annotations-20260302T0900"
    ):
        scenario.database.write_now(submit.undo, 1, scenario.interaction(ADA))
    assert scenario.rows(Assignment)[0].state == "answered"


def test_later_answer_can_change_until_the_next_freeze(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=3)
    answer_tasks(scenario, 1)
    export(scenario)
    scenario.advance_clock(days=1)
    answer_tasks(scenario, 1)
    scenario.database.write_now(submit.undo, 2, scenario.interaction(ADA))
    answer_tasks(scenario, 1)
    assert export(scenario).row_count == 2
    finalizers = [row.finalized_by for row in scenario.rows(Assignment)]
    assert finalizers == [
        "the export tone-annotations-20260302T090000Z",
        "the export tone-annotations-20260303T090000Z",
    ]


def test_answer_during_export_is_neither_exported_nor_final(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=2)
    answer_tasks(scenario, 1)
    scenario.database.write_now(freeze.freeze_answers, 1, "the export x")
    answer_tasks(scenario, 1)

    def final_item_keys(session: Session) -> list[str]:
        campaign = session.get_one(Campaign, 1)
        records = labels.iter_labels(session, campaign, only_final=True)
        return [record.item_key for record in records]

    assert scenario.database.read_now(final_item_keys) == ["pair-1"]


def test_ordinary_export_freezes_nothing(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=1)
    answer_tasks(scenario, 1)
    assert export(scenario, freezes=False).row_count == 1
    assert scenario.rows(Assignment)[0].finalized_by is None


def test_failed_export_freezes_nothing(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=1)
    answer_tasks(scenario, 1)
    blocking_file = scenario.folder / "file"
    blocking_file.write_text("not a folder")
    request = ExportRequest("annotations", blocking_file / "exports", freezes=True)
    run = claim_export(scenario, request)
    with pytest.raises(DiskError):
        export_runner.run_export(scenario.database, run, AdjustableClock(scenario.now))
    assert scenario.rows(Assignment)[0].finalized_by is None
