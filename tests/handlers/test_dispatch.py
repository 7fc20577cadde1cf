"""From Bolt to the deed and back: acknowledged means stored, and everything is acknowledged."""

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


async def test_a_click_is_stored_when_it_is_acknowledged(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    given = await assign_next_task(bolt, ada)
    answer = await bolt.click_button(ada.id, Action("answer", given, "verdict", "a"))
    assert (answer.status, answer.body) == (200, "")
    path = str(bolt.slack.database.engine.url.database)
    with sqlite3.connect(path) as other:
        found = other.execute("SELECT value FROM annotation").fetchall()
    other.close()
    assert found == [('{"verdict":"a"}',)]


async def test_the_outbox_is_woken_after_a_deed(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    given = await assign_next_task(bolt, ada)
    await bolt.click_button(ada.id, Action("answer", given, "verdict", "a"))
    assert bolt.wake_calls == ["now"]


async def test_a_click_delivered_twice_is_acknowledged_twice_and_stored_once(
    bolt: BoltApp,
) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    given = await assign_next_task(bolt, ada)
    for _ in range(2):
        answer = await bolt.click_button(ada.id, Action("answer", given, "verdict", "a"))
        assert answer.status == 200
    assert bolt.slack.scenario.count("annotation") == 1


@pytest.mark.parametrize("value", ["17:verdict:a", "nonsense", ""])
async def test_a_button_of_another_release_is_answered_in_words(bolt: BoltApp, value: str) -> None:
    body = button_payload(
        "U1", Action("shred", 17), response_url=bolt.slack.response_url_server.url
    )
    body["actions"][0]["value"] = value
    assert (await bolt.send(body)).status == 200
    assert bolt.ephemeral_texts() == [
        "This button is from an older version of the bot. Use `/label next` to get a new task."
    ]


async def test_a_closed_modal_is_acknowledged(bolt: BoltApp) -> None:
    body = submission_payload("U1", "write_answer", "{}") | {
        "type": "view_closed",
        "is_cleared": False,
    }
    assert (await bolt.send(body)).status == 200


async def test_an_event_of_no_use_to_us_is_acknowledged(bolt: BoltApp) -> None:
    for event in ({"type": "team_join", "user": {"id": "U1"}}, {"type": "tokens_revoked"}):
        assert (await bolt.send(event_payload(event))).status == 200
    assert bolt.slack.scenario.count("outbox") == 0


@pytest.mark.parametrize("text", ["", "help", "HELP", "what?", "Next"])
async def test_every_command_is_answered_in_words(bolt: BoltApp, text: str) -> None:
    answer = await bolt.send(command_payload("U1", text))
    assert answer.status == 200
    assert answer.body


async def test_a_button_in_a_view_is_a_button(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    answer = await bolt.send(view_button_payload(ada.id, Action("next_task"), {"type": "home"}))
    assert answer.status == 200
    (row,) = await bolt.slack.outbox()
    assert (row.message_type, row.payload["message_ts"], row.response_url) == (
        "task_page",
        None,
        None,
    )
