"""Exports, typed for and by buttons; and those that come by themselves."""

from __future__ import annotations

import pytest

from bot.services import campaigning
from bot.slack.ids import Press
from storage.tables import ExportRun, ExportSchedule
from tests.handlers.front import COORDINATOR, Front


async def answered(front: Front) -> None:
    """Let there be an answer."""
    ada = front.line.expert()
    front.line.campaign(ada)
    front.line.workshop.does_all(ada.id, verdict="a")


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
    front: Front, text: str, said: str
) -> None:
    await answered(front)
    assert said in await front.says(COORDINATOR, text)
    assert front.line.workshop.count("exportrun") == 0


async def test_without_any_campaign_there_is_nothing_to_name(front: Front) -> None:
    assert "There is no campaign to export" in await front.says(COORDINATOR, "export")


async def test_of_two_at_once_the_second_hears_of_the_first(front: Front) -> None:
    await answered(front)
    assert "as preference" in await front.says(COORDINATOR, "export tone <#C1|data>")
    (run,) = front.line.workshop.rows(ExportRun)
    assert (run.requested_by, run.channel) == (COORDINATOR, "C1")
    if run.state in ("queued", "running"):
        assert "on its way" in await front.says(COORDINATOR, "export tone")


async def test_a_plan_is_made_shown_and_removed(front: Front) -> None:
    front.line.campaign()
    text = 'schedule tone "30 7 * * 1-5" annotations <#C1DATA|data> tz=Asia/Tokyo'
    assert "Planned." in await front.says(COORDINATOR, text)
    (plan,) = front.line.workshop.rows(ExportSchedule)
    assert (plan.cron, plan.tz, plan.format) == ("30 7 * * 1-5", "Asia/Tokyo", "annotations")
    assert plan.channel == "C1DATA"
    assert "is exported by itself" in await front.says(COORDINATOR, "schedule tone")
    assert "which campaign" in await front.says(COORDINATOR, "schedule")
    await front.presses(COORDINATOR, Press("plans", 1))
    for _again in range(2):
        await front.presses(COORDINATOR, Press("unplan", plan.id))
    shown, removed, gone = front.whispered()
    assert "is exported by itself" in shown
    assert "Removed. “tone” is not exported" in removed
    assert "not there any more" in gone


async def test_a_closed_campaign_is_not_scheduled(front: Front) -> None:
    front.line.campaign()
    workshop = front.line.workshop
    workshop.directs("tone", campaigning.close, workshop.by)
    assert "is closed" in await front.says(COORDINATOR, "schedule tone daily 06:00")
