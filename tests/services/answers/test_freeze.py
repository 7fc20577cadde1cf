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
from tests.services.tasks.test_scheduled_delivery import ADA, opened


def claimed(workshop: Scenario, wanted: ExportRequest) -> ClaimedExportRun:
    """Take up an export."""

    def begin(session: Session) -> ClaimedExportRun:
        campaign = campaigns.campaign_by_name(session, "tone")
        return jobs.queue_and_claim(session, campaign, wanted, workshop.by)

    return workshop.database.write_now(begin)


def exports(workshop: Scenario, *, freezes: bool = True) -> ExportResult:
    """Export all answers."""
    run = claimed(
        workshop, ExportRequest("annotations", workshop.folder / "exports", freezes=freezes)
    )
    return export_runner.run_export(workshop.database, run, AdjustableClock(workshop.now))


def answers(workshop: Scenario, items: int) -> None:
    """Let Ada answer some tasks."""
    for _ in range(items):
        workshop.submit_answer(ADA, workshop.assign_next(ADA) or 0, verdict="a")


def test_what_is_in_it_can_no_longer_be_undone(workshop: Scenario) -> None:
    opened(workshop, ADA, items=3)
    answers(workshop, 2)
    assert exports(workshop).row_count == 2
    with pytest.raises(
        FinalAnswerError, match="final since the export tone-annotations-20260302T0900"
    ):
        workshop.database.write_now(submit.undo, 1, workshop.interaction(ADA))
    assert workshop.rows(Assignment)[0].state == "answered"


def test_what_comes_later_is_open_until_the_next_one_holds_it(workshop: Scenario) -> None:
    opened(workshop, ADA, items=3)
    answers(workshop, 1)
    exports(workshop)
    workshop.advance_clock(days=1)
    answers(workshop, 1)
    workshop.database.write_now(submit.undo, 2, workshop.interaction(ADA))
    answers(workshop, 1)
    assert exports(workshop).row_count == 2
    locked = [row.finalized_by for row in workshop.rows(Assignment)]
    assert locked == [
        "the export tone-annotations-20260302T090000Z",
        "the export tone-annotations-20260303T090000Z",
    ]


def test_an_answer_that_arrives_meanwhile_is_neither_in_it_nor_final(workshop: Scenario) -> None:
    opened(workshop, ADA, items=2)
    answers(workshop, 1)
    workshop.database.write_now(freeze.freeze_answers, 1, "the export x")
    answers(workshop, 1)

    def final(session: Session) -> list[str]:
        campaign = session.get_one(Campaign, 1)
        return [one.item_key for one in labels.iter_labels(session, campaign, only_final=True)]

    assert workshop.database.read_now(final) == ["pair-1"]


def test_an_ordinary_export_freezes_nothing(workshop: Scenario) -> None:
    opened(workshop, ADA, items=1)
    answers(workshop, 1)
    assert exports(workshop, freezes=False).row_count == 1
    assert workshop.rows(Assignment)[0].finalized_by is None


def test_an_export_that_could_not_be_written_freezes_nothing(workshop: Scenario) -> None:
    opened(workshop, ADA, items=1)
    answers(workshop, 1)
    in_the_way = workshop.folder / "file"
    in_the_way.write_text("no folder")
    run = claimed(workshop, ExportRequest("annotations", in_the_way / "exports", freezes=True))
    with pytest.raises(DiskError):
        export_runner.run_export(workshop.database, run, AdjustableClock(workshop.now))
    assert workshop.rows(Assignment)[0].finalized_by is None
