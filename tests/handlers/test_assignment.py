"""Tests of manual assignment, by command and in the dialog."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.slack.parsing.action_ids import Action
from storage.tables import Assignment
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload


@pytest.mark.parametrize(
    ("arguments", "task_ids"), [("", [1]), ("2", [1, 2]), ("pair-3", [3]), ("item=pair-2", [2])]
)
async def test_command_assigns_the_next_tasks_or_a_named_item(
    bolt: BoltApp, arguments: str, task_ids: list[int]
) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    reply = await bolt.send_command(COORDINATOR, f"assign <@{ada.id}|ada> tone {arguments}")
    assert "of “tone”" in reply
    assert reply.startswith("Assigned ")
    assert [row.task_id for row in bolt.slack.scenario.rows(Assignment)] == task_ids


def submission(*people: str, campaign: str = "1") -> dict[str, Any]:
    """Return the submission of the dialog, for two tasks each."""
    body = submission_payload(COORDINATOR, "assign", campaign)
    body["view"]["state"]["values"] = {
        "people": {"people": {"type": "multi_users_select", "selected_users": list(people)}},
        "count": {"count": {"type": "number_input", "value": "2"}},
    }
    return body


async def test_dialog_asks_for_missing_arguments(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assert await bolt.send_command(COORDINATOR, "assign") == "Assign tasks: choose a campaign."
    assert "Name a campaign" in await bolt.send_command(COORDINATOR, f"assign <@{ada.id}>")
    await bolt.send_command(COORDINATOR, "assign tone")
    await bolt.click_button(COORDINATOR, Action("assign", 1))
    first, second = (call["view"] for call in bolt.api_calls("views.open"))
    assert first == second
    response = await bolt.send(submission(ada.id))
    assert "for delivery in working hours" in response.body
    assert [row.task_id for row in bolt.slack.scenario.rows(Assignment)] == [1, 2]


async def test_paused_campaign_assigns_no_tasks(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await bolt.click_button(COORDINATOR, Action("pause", 1))
    await bolt.click_button(COORDINATOR, Action("assign", 1))
    assert "so no tasks are assigned" in bolt.ephemeral_texts()[-1]
    assert bolt.api_calls("views.open") == []
    assert "so no tasks are assigned" in (await bolt.send(submission(ada.id))).body
    assert "no longer exists" in (await bolt.send(submission(ada.id, campaign="nonsense"))).body
    assert bolt.slack.scenario.rows(Assignment) == []


def suggestion(person: str, typed: str, *, name: str = "items") -> dict[str, Any]:
    """Return what is typed into the menu of items of campaign 1."""
    return {
        "type": "block_suggestion",
        "team": {"id": "T1"},
        "user": {"id": person},
        "action_id": name,
        "block_id": name,
        "value": typed,
        "container": {"type": "view", "view_id": "V1"},
        "view": {"id": "V1", "private_metadata": "1"},
    }


async def test_menu_finds_items_by_text_and_id_for_coordinators_only(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)

    async def values(body: dict[str, Any]) -> list[str]:
        answer = await bolt.send(body)
        options = json.loads(answer.body or "{}").get("options", [])
        return [option["value"] for option in options]

    assert await values(suggestion(COORDINATOR, "")) == ["1", "2", "3"]
    assert await values(suggestion(COORDINATOR, "pair-2")) == ["2"]
    (option,) = json.loads((await bolt.send(suggestion(COORDINATOR, "pair-2"))).body)["options"]
    shown = (option["text"]["text"], option["description"]["text"])
    assert shown == ("pair-2", "Question 2?")
    assert await values(suggestion(COORDINATOR, "question 3?")) == ["3"]
    assert await values(suggestion(COORDINATOR, "penguin")) == []
    assert await values(suggestion(ada.id, "")) == []
    assert await values(suggestion(COORDINATOR, "", name="nonsense")) == []


async def test_chosen_items_are_assigned(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    body = submission(ada.id)
    chosen = [{"value": "2"}, {"value": "3"}, {"value": "99"}]
    body["view"]["state"]["values"]["items"] = {
        "items": {"type": "multi_external_select", "selected_options": chosen}
    }
    await bolt.send(body)
    assert [row.task_id for row in bolt.slack.scenario.rows(Assignment)] == [2, 3]
