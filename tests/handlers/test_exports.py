"""Tests of exports and export schedules, by command and button."""

from __future__ import annotations

from contextlib import closing

import pytest

from bot.services.campaigns import campaigns
from bot.services.exports import claims
from bot.services.exports.export_request import ExportRequest, queue_export
from bot.slack.parsing.action_ids import Action
from storage.tables import ExportRun, ExportSchedule
from storage.worker_lock import WorkerLock
from tests.handlers.bolt_app import COORDINATOR, BoltApp


async def create_answered_campaign(bolt: BoltApp) -> None:
    """Create a campaign in which an expert answered all tasks."""
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    bolt.slack.scenario.answer_all(ada.id, verdict="a")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("export", "Export: choose a campaign."),
        ("export jokes", "“jokes”"),
        ("export tone verdict", "verdict"),
        ("export tone nonsense", "“nonsense”"),
        ("export tone aggregate=mean", "Unknown aggregation “mean”; use none, majority"),
        ("export tone source=gold", "Unknown consensus source “gold”"),
        ("export tone min-agreement=80", "“80” is not an agreement"),
        ("export tone agree=1", "Unknown option “agree”"),
        ("export tone annotations aggregate=majority", "cannot be aggregated"),
    ],
)
async def test_invalid_export_is_reported_and_not_started(
    bolt: BoltApp, text: str, expected: str
) -> None:
    await create_answered_campaign(bolt)
    assert expected in await bolt.send_command(COORDINATOR, text)
    assert bolt.slack.scenario.count("export_run") == 0


async def test_export_without_campaigns_says_so(bolt: BoltApp) -> None:
    assert "Export: no campaigns available." in await bolt.send_command(COORDINATOR, "export")


@pytest.mark.slow
async def test_export_is_recorded_with_its_requester_and_channel(bolt: BoltApp) -> None:
    await create_answered_campaign(bolt)
    assert "as preference" in await bolt.send_command(COORDINATOR, "export tone <#C1|data>")
    (run,) = bolt.slack.scenario.rows(ExportRun)
    assert (run.requested_by, run.channel) == (COORDINATOR, "C1")


async def test_second_export_is_told_about_the_first(bolt: BoltApp) -> None:
    await create_answered_campaign(bolt)
    scenario = bolt.slack.scenario
    first = ExportRequest("preference", bolt.app.settings.exports_dir)
    with closing(WorkerLock(scenario.database.engine)) as worker:
        scenario.run_for_campaign("tone", queue_export, first, scenario.actor)
        assert "is already being exported" in await bolt.send_command(COORDINATOR, "export tone")
        assert scenario.database.write_now(claims.claim_run, scenario.now, worker.id)
        assert "is already being exported" in await bolt.send_command(COORDINATOR, "export tone")
    assert scenario.count("export_run") == 1


async def test_export_schedule_is_added_shown_and_removed(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    text = (
        'schedule tone "30 7 * * 1-5" annotations <#C1DATA|data> tz=Asia/Tokyo source=split,single'
    )
    assert "Schedule added." in await bolt.send_command(COORDINATOR, text)
    (row,) = bolt.slack.scenario.rows(ExportSchedule)
    assert (row.cron, row.tz, row.format) == ("30 7 * * 1-5", "Asia/Tokyo", "annotations")
    assert (row.channel, row.options) == ("C1DATA", {"source": "split,single"})
    assert "Scheduled exports of “tone”:" in await bolt.send_command(COORDINATOR, "schedule tone")
    assert "Scheduled exports: choose a campaign." in await bolt.send_command(
        COORDINATOR, "schedule"
    )
    await bolt.click_button(COORDINATOR, Action("export_schedules", 1))
    for _ in range(2):
        await bolt.click_button(COORDINATOR, Action("remove_export_schedule", row.id))
    shown, removed, removed_again = bolt.ephemeral_texts()
    assert "Scheduled exports of “tone”:" in shown
    assert "Schedule removed. “tone” has no scheduled exports." in removed
    assert "no longer exists" in removed_again


@pytest.mark.parametrize(
    ("when", "after_answers"), [("every 500 answers", 500), ("on completion", None)]
)
async def test_export_can_depend_on_answers(
    bolt: BoltApp, when: str, after_answers: int | None
) -> None:
    bolt.slack.create_campaign()
    text = await bolt.send_command(COORDINATOR, f"schedule tone {when} annotations")
    assert "Schedule added." in text
    assert "no schedule; write" in await bolt.send_command(COORDINATOR, "schedule tone every day")
    (row,) = bolt.slack.scenario.rows(ExportSchedule)
    assert (row.cron, row.due_at, row.after_answers) == ("", None, after_answers)


async def test_closed_campaign_cannot_be_scheduled(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    scenario = bolt.slack.scenario
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)
    assert "is closed" in await bolt.send_command(COORDINATOR, "schedule tone daily 06:00")
