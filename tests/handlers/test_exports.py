"""Tests of exports and export schedules, by command and button."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from bot.services.campaigns import campaigns
from bot.services.exports import claims
from bot.services.exports.export_request import ExportRequest, queue_export
from bot.slack.parsing.action_ids import Action
from storage.tables import ExportRun, ExportSchedule
from storage.worker_lock import WorkerLock
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload, view_button_payload
from tests.slack.conftest import submitted_state
from tests.slack.views.test_export_options import dialog, state_with


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


async def test_export_with_options_is_started_in_a_dialog(bolt: BoltApp) -> None:
    """The dialog keeps what was entered when it shows more options."""
    await create_answered_campaign(bolt)
    await bolt.click_button(COORDINATOR, Action("export_options", 1))
    (opened,) = bolt.api_calls("views.open")
    state = state_with(opened["view"], {"format": "annotations"})
    view = {**opened["view"], "id": "V1", "state": {"values": state}}
    await bolt.send(view_button_payload(COORDINATOR, Action("more_export_options", 1), view))
    (updated,) = bolt.api_calls("views.update")
    state = state_with(updated["view"], {"since": "last", "pseudonyms": "export"})
    payload = submission_payload(COORDINATOR, "export_options", "1")
    payload["view"]["state"]["values"] = state
    answer = json.loads((await bolt.send(payload)).body)
    assert "Exporting “tone” as annotations. You'll get a message" in str(answer["view"])
    (run,) = bolt.slack.scenario.rows(ExportRun)
    assert (run.format, run.options, run.requested_by) == (
        "annotations",
        {"since": "last", "pseudonyms": "export"},
        COORDINATOR,
    )


@pytest.mark.parametrize(
    ("entries", "field", "message"),
    [
        ({"min-agreement": "80"}, "min-agreement", "“80” is not an agreement"),
        ({"meta": "wind"}, "meta", "No item of “tone” has the imported column “wind”"),
        ({"format": "annotations", "aggregate": "majority"}, "aggregate", "cannot be aggregated"),
    ],
)
async def test_invalid_option_is_shown_at_its_input(
    bolt: BoltApp, entries: dict[str, object], field: str, message: str
) -> None:
    await create_answered_campaign(bolt)
    payload = submission_payload(COORDINATOR, "export_options", "1")
    shown = dialog()
    payload["view"] |= {"blocks": shown["blocks"], "state": {"values": state_with(shown, entries)}}
    answer = json.loads((await bolt.send(payload)).body)
    assert set(answer["errors"]) == {field}
    assert message in answer["errors"][field]
    assert bolt.slack.scenario.count("export_run") == 0


async def test_dialog_says_why_there_is_nothing_to_export(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    payload = submission_payload(COORDINATOR, "export_options", "1")
    payload["view"]["state"]["values"] = submitted_state(dialog())
    assert "has no answers to export yet" in (await bolt.send(payload)).body
