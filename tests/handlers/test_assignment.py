"""Handing tasks to certain people, typed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.parsing.action_ids import Action
from storage.tables import Assignment
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload


@pytest.mark.parametrize(
    ("words", "tasks"), [("", [1]), ("2", [1, 2]), ("pair-3", [3]), ("item=pair-2", [2])]
)
async def test_people_are_given_what_is_named(bolt: BoltApp, words: str, tasks: list[int]) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    said = await bolt.send_command(COORDINATOR, f"assign <@{ada.id}|ada> tone {words}")
    assert "of “tone” handed out" in said
    assert [row.task_id for row in bolt.slack.scenario.rows(Assignment)] == tasks


def sent(*people: str, campaign: str = "1") -> dict[str, Any]:
    """Return the window, filled."""
    body = submission_payload(COORDINATOR, "assign", campaign)
    body["view"]["state"]["values"] = {
        "people": {"people": {"type": "multi_users_select", "selected_users": list(people)}},
        "count": {"count": {"type": "number_input", "value": "2"}},
    }
    return body


async def test_what_is_missing_is_asked_for(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assert await bolt.send_command(COORDINATOR, "assign") == "Assign which campaign?"
    assert "Say tasks of which campaign" in await bolt.send_command(
        COORDINATOR, f"assign <@{ada.id}>"
    )
    await bolt.send_command(COORDINATOR, "assign tone")
    await bolt.click_button(COORDINATOR, Action("assign", 1))
    first, second = (call["view"] for call in bolt.api_calls("views.open"))
    assert first == second
    answer = await bolt.send(sent(ada.id))
    assert "handed out, to be seen" in answer.body
    assert [row.task_id for row in bolt.slack.scenario.rows(Assignment)] == [1, 2]


async def test_a_paused_campaign_hands_out_nothing(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await bolt.click_button(COORDINATOR, Action("pause", 1))
    await bolt.click_button(COORDINATOR, Action("assign", 1))
    assert "so nothing is handed out" in bolt.ephemeral_texts()[-1]
    assert bolt.api_calls("views.open") == []
    assert "so nothing is handed out" in (await bolt.send(sent(ada.id))).body
    assert "not there any more" in (await bolt.send(sent(ada.id, campaign="nonsense"))).body
    assert bolt.slack.scenario.rows(Assignment) == []
