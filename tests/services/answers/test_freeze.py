"""An export that freezes: what is in it is final, and what is final is in it."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.clock import AdjustableClock
from bot.exports.export_folder import ExportResult
from bot.services.answers import freeze, labels, submit
from bot.services.answers.submit import FinalAnswerError
from bot.services.campaigns import campaigns
from bot.services.exports import jobs
from bot.services.exports import run as export_runner
from bot.services.exports.jobs import ClaimedExportRun, ExportRequest
from bot.services.exports.run import DiskError
from storage.tables import Assignment, Campaign
from tests.services.conftest import Scenario
from tests.services.tasks.test_scheduled_delivery import ADA, open_campaign


def claimed(scenario: Scenario, wanted: ExportRequest) -> ClaimedExportRun:
    """Take up an export."""

    def begin(session: Session) -> ClaimedExportRun:
        campaign = campaigns.campaign_by_name(session, "tone")
        return jobs.queue_and_claim(session, campaign, wanted, scenario.actor)

    return scenario.database.write_now(begin)


def exports(scenario: Scenario, *, freezes: bool = True) -> ExportResult:
    """Export all answers."""
    run = claimed(
        scenario, ExportRequest("annotations", scenario.folder / "exports", freezes=freezes)
    )
    return export_runner.run_export(scenario.database, run, AdjustableClock(scenario.now))


def answers(scenario: Scenario, items: int) -> None:
    """Let Ada answer some tasks."""
    for _ in range(items):
        scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")


def test_what_is_in_it_can_no_longer_be_undone(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=3)
    answers(scenario, 2)
    assert exports(scenario).row_count == 2
    with pytest.raises(
        FinalAnswerError, match="made final by the export tone-annotations-20260302T0900"
    ):
        scenario.database.write_now(submit.undo, 1, scenario.interaction(ADA))
    assert scenario.rows(Assignment)[0].state == "answered"


def test_what_comes_later_is_open_until_the_next_one_holds_it(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=3)
    answers(scenario, 1)
    exports(scenario)
    scenario.advance_clock(days=1)
    answers(scenario, 1)
    scenario.database.write_now(submit.undo, 2, scenario.interaction(ADA))
    answers(scenario, 1)
    assert exports(scenario).row_count == 2
    locked = [row.finalized_by for row in scenario.rows(Assignment)]
    assert locked == [
        "the export tone-annotations-20260302T090000Z",
        "the export tone-annotations-20260303T090000Z",
    ]


def test_an_answer_that_arrives_meanwhile_is_neither_in_it_nor_final(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=2)
    answers(scenario, 1)
    scenario.database.write_now(freeze.freeze_answers, 1, "the export x")
    answers(scenario, 1)

    def final(session: Session) -> list[str]:
        campaign = session.get_one(Campaign, 1)
        return [one.item_key for one in labels.iter_labels(session, campaign, only_final=True)]

    assert scenario.database.read_now(final) == ["pair-1"]


def test_an_ordinary_export_freezes_nothing(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=1)
    answers(scenario, 1)
    assert exports(scenario, freezes=False).row_count == 1
    assert scenario.rows(Assignment)[0].finalized_by is None


def test_an_export_that_could_not_be_written_freezes_nothing(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=1)
    answers(scenario, 1)
    in_the_way = scenario.folder / "file"
    in_the_way.write_text("no folder")
    run = claimed(scenario, ExportRequest("annotations", in_the_way / "exports", freezes=True))
    with pytest.raises(DiskError):
        export_runner.run_export(scenario.database, run, AdjustableClock(scenario.now))
    assert scenario.rows(Assignment)[0].finalized_by is None
