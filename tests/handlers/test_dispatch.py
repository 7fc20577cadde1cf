"""Tests of the dispatch: acknowledged means stored, and everything is acknowledged."""

from __future__ import annotations

import sqlite3

import pytest

from bot.slack.parsing.action_ids import Action
from tests.handlers.bolt_app import (
    BoltApp,
    assign_next_task,
    button_payload,
    command_payload,
    event_payload,
    submission_payload,
    view_button_payload,
)


async def test_acknowledged_click_is_stored(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assignment_id = await assign_next_task(bolt, ada)
    response = await bolt.click_button(ada.id, Action("answer", assignment_id, "verdict", "a"))
    assert (response.status, response.body) == (200, "")
    path = str(bolt.slack.database.engine.url.database)
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT value FROM annotation").fetchall()
    connection.close()
    assert rows == [('{"verdict":"a"}',)]


async def test_outbox_is_woken_after_an_action(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assignment_id = await assign_next_task(bolt, ada)
    await bolt.click_button(ada.id, Action("answer", assignment_id, "verdict", "a"))
    assert bolt.wake_calls == ["now"]


async def test_click_delivered_twice_is_stored_once(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assignment_id = await assign_next_task(bolt, ada)
    for _ in range(2):
        response = await bolt.click_button(ada.id, Action("answer", assignment_id, "verdict", "a"))
        assert response.status == 200
    assert bolt.slack.scenario.count("annotation") == 1


@pytest.mark.parametrize("value", ["17:verdict:a", "nonsense", ""])
async def test_button_of_another_version_gets_an_explanation(bolt: BoltApp, value: str) -> None:
    body = button_payload(
        "U1", Action("shred", 17), response_url=bolt.slack.response_url_server.url
    )
    body["actions"][0]["value"] = value
    assert (await bolt.send(body)).status == 200
    assert bolt.ephemeral_texts() == [
        "This button is from an older version of the bot. Use `/label next` to get a new task."
    ]


async def test_closed_modal_is_acknowledged(bolt: BoltApp) -> None:
    body = submission_payload("U1", "write_answer", "{}") | {
        "type": "view_closed",
        "is_cleared": False,
    }
    assert (await bolt.send(body)).status == 200


async def test_event_without_handler_is_acknowledged(bolt: BoltApp) -> None:
    for event in ({"type": "team_join", "user": {"id": "U1"}}, {"type": "tokens_revoked"}):
        assert (await bolt.send(event_payload(event))).status == 200
    assert bolt.slack.scenario.count("outbox") == 0


@pytest.mark.parametrize("text", ["", "help", "HELP", "what?", "Next"])
async def test_every_command_gets_a_reply(bolt: BoltApp, text: str) -> None:
    response = await bolt.send(command_payload("U1", text))
    assert response.status == 200
    assert response.body


async def test_button_in_the_home_tab_works_without_a_message(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    response = await bolt.send(view_button_payload(ada.id, Action("next_task"), {"type": "home"}))
    assert response.status == 200
    (row,) = await bolt.slack.outbox()
    assert (row.message_type, row.payload["message_ts"], row.response_url) == (
        "task_page",
        None,
        None,
    )
