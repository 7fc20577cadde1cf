"""Handing tasks to certain people, typed."""

from __future__ import annotations

import pytest

from storage.tables import Assignment
from tests.handlers.front import COORDINATOR, Front


@pytest.mark.parametrize(
    ("words", "tasks"), [("", [1]), ("2", [1, 2]), ("pair-3", [3]), ("item=pair-2", [2])]
)
async def test_people_are_given_what_is_named(front: Front, words: str, tasks: list[int]) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    said = await front.says(COORDINATOR, f"assign <@{ada.id}|ada> tone {words}")
    assert "of “tone” handed out" in said
    assert [row.task_id for row in front.line.workshop.rows(Assignment)] == tasks


@pytest.mark.parametrize("text", ["", "tone", "<@U0ADA>"])
async def test_who_and_which_must_be_named(front: Front, text: str) -> None:
    assert "Say who gets tasks" in await front.says(COORDINATOR, f"assign {text}")
