"""Handing tasks to certain people, typed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.ids import Press
from storage.tables import Assignment
from tests.handlers.front import COORDINATOR, Front, submitted


@pytest.mark.parametrize(
    ("words", "tasks"), [("", [1]), ("2", [1, 2]), ("pair-3", [3]), ("item=pair-2", [2])]
)
async def test_people_are_given_what_is_named(front: Front, words: str, tasks: list[int]) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    said = await front.says(COORDINATOR, f"assign <@{ada.id}|ada> tone {words}")
    assert "of “tone” handed out" in said
    assert [row.task_id for row in front.line.workshop.rows(Assignment)] == tasks


def sent(*people: str, campaign: str = "1") -> dict[str, Any]:
    """Return the window, filled."""
    body = submitted(COORDINATOR, "assign", campaign)
    body["view"]["state"]["values"] = {
        "people": {"people": {"type": "multi_users_select", "selected_users": list(people)}},
        "count": {"count": {"type": "number_input", "value": "2"}},
    }
    return body


async def test_what_is_missing_is_asked_for(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    assert await front.says(COORDINATOR, "assign") == "Assign which campaign?"
    assert "Say tasks of which campaign" in await front.says(COORDINATOR, f"assign <@{ada.id}>")
    await front.says(COORDINATOR, "assign tone")
    await front.presses(COORDINATOR, Press("assign", 1))
    first, second = (call["view"] for call in front.called("views.open"))
    assert first == second
    answer = await front.sends(sent(ada.id))
    assert "handed out, to be seen" in answer.body
    assert [row.task_id for row in front.line.workshop.rows(Assignment)] == [1, 2]


async def test_a_paused_campaign_hands_out_nothing(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    await front.presses(COORDINATOR, Press("pause", 1))
    await front.presses(COORDINATOR, Press("assign", 1))
    assert "so nothing is handed out" in front.whispered()[-1]
    assert front.called("views.open") == []
    assert "so nothing is handed out" in (await front.sends(sent(ada.id))).body
    assert "not there any more" in (await front.sends(sent(ada.id, campaign="nonsense"))).body
    assert front.line.workshop.rows(Assignment) == []
