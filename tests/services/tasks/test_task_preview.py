"""A task is looked at before anybody has it, and nothing of that is stored."""

from __future__ import annotations

from bot.kinds import KINDS
from bot.services.tasks import task_preview
from tests.services.conftest import Scenario, pair


def test_without_items_the_example_of_the_kind_is_shown(workshop: Scenario) -> None:
    for kind in KINDS:
        workshop.create_campaign(kind, kind)
        task = workshop.run_for_campaign(kind, task_preview.preview_task, workshop.now)
        assert (task.id, task.campaign_title) == (0, kind)


def test_the_first_item_is_shown_as_an_expert_sees_it(workshop: Scenario) -> None:
    workshop.create_campaign(experts=["U0ADA"], title="Tone")
    workshop.import_rows("tone", [pair(1), pair(2)])
    task = workshop.run_for_campaign("tone", task_preview.preview_task, workshop.now)
    assert [one.text for one in task.form.passages] == ["Question 1?", "Left 1", "Right 1"]
    assert (task.id, task.campaign_title, task.value) == (0, "Tone", {})
    assert workshop.count("assignment") == 0
