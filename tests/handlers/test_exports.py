"""Exports, typed for and by buttons; and those that come by themselves."""

from __future__ import annotations

import pytest

from bot.services.campaigns import campaigns
from bot.slack.parsing.action_ids import Action
from storage.tables import ExportRun, ExportSchedule
from tests.handlers.bolt_app import COORDINATOR, BoltApp


async def answered(bolt: BoltApp) -> None:
    """Let there be an answer."""
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    bolt.slack.scenario.answer_all(ada.id, verdict="a")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("export", "Export which campaign?"),
        ("export jokes", "“jokes”"),
        ("export tone sft", "sft"),
        ("export tone nonsense", "“nonsense”"),
    ],
)
async def test_what_cannot_be_exported_is_said_and_nothing_is_begun(
    bolt: BoltApp, text: str, said: str
) -> None:
    await answered(bolt)
    assert said in await bolt.send_command(COORDINATOR, text)
    assert bolt.slack.scenario.count("export_run") == 0


async def test_without_any_campaign_there_is_nothing_to_name(bolt: BoltApp) -> None:
    assert "There is no campaign to export" in await bolt.send_command(COORDINATOR, "export")


async def test_of_two_at_once_the_second_hears_of_the_first(bolt: BoltApp) -> None:
    await answered(bolt)
    assert "as preference" in await bolt.send_command(COORDINATOR, "export tone <#C1|data>")
    (run,) = bolt.slack.scenario.rows(ExportRun)
    assert (run.requested_by, run.channel) == (COORDINATOR, "C1")
    if run.state in ("queued", "running"):
        assert "is already being exported" in await bolt.send_command(COORDINATOR, "export tone")


async def test_a_plan_is_made_shown_and_removed(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    text = 'schedule tone "30 7 * * 1-5" annotations <#C1DATA|data> tz=Asia/Tokyo'
    assert "Planned." in await bolt.send_command(COORDINATOR, text)
    (plan,) = bolt.slack.scenario.rows(ExportSchedule)
    assert (plan.cron, plan.tz, plan.format) == ("30 7 * * 1-5", "Asia/Tokyo", "annotations")
    assert plan.channel == "C1DATA"
    assert "is exported by itself" in await bolt.send_command(COORDINATOR, "schedule tone")
    assert "which campaign" in await bolt.send_command(COORDINATOR, "schedule")
    await bolt.click_button(COORDINATOR, Action("export_schedules", 1))
    for _again in range(2):
        await bolt.click_button(COORDINATOR, Action("remove_export_schedule", plan.id))
    shown, removed, gone = bolt.ephemeral_texts()
    assert "is exported by itself" in shown
    assert "Removed. “tone” is not exported" in removed
    assert "not there any more" in gone


async def test_a_closed_campaign_is_not_scheduled(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    scenario = bolt.slack.scenario
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)
    assert "is closed" in await bolt.send_command(COORDINATOR, "schedule tone daily 06:00")
