"""A task is looked at before anybody has it, and nothing of that is stored."""

from __future__ import annotations

from bot.kinds import KINDS
from bot.services import previewing
from tests.services.conftest import Workshop, pair


def test_without_items_the_example_of_the_kind_is_shown(workshop: Workshop) -> None:
    for kind in KINDS:
        workshop.creates(kind, kind)
        task = workshop.directs(kind, previewing.preview, workshop.now)
        assert (task.id, task.campaign) == (0, kind)


def test_the_first_item_is_shown_as_an_expert_sees_it(workshop: Workshop) -> None:
    workshop.creates(experts=["U0ADA"], title="Tone")
    workshop.imports("tone", [pair(1), pair(2)])
    task = workshop.directs("tone", previewing.preview, workshop.now)
    assert [one.text for one in task.form.passages] == ["Question 1?", "Left 1", "Right 1"]
    assert (task.id, task.campaign, task.value) == (0, "Tone", {})
    assert workshop.count("assignment") == 0
