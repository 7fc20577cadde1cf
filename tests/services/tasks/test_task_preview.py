"""Task preview: nothing is stored."""

from __future__ import annotations

from bot.kinds import KINDS
from bot.services.tasks import task_preview
from tests.services.conftest import Scenario, pair


def test_campaign_without_items_shows_example(scenario: Scenario) -> None:
    for kind in KINDS:
        scenario.create_campaign(kind, kind)
        task = scenario.run_for_campaign(kind, task_preview.preview_task)
        assert (task.id, task.campaign_title) == (0, kind)


def test_preview_shows_first_item(scenario: Scenario) -> None:
    scenario.create_campaign(experts=["U0ADA"], title="Tone")
    scenario.import_rows("tone", [pair(1), pair(2)])
    task = scenario.run_for_campaign("tone", task_preview.preview_task)
    assert [passage.text for passage in task.form.passages] == ["Question 1?", "Left 1", "Right 1"]
    assert (task.id, task.campaign_title, task.value) == (0, "Tone", {})
    assert scenario.count("assignment") == 0
