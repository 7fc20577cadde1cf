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


async def test_a_click_is_stored_when_it_is_acknowledged(front: BoltApp) -> None:
    ada = front.slack.add_expert()
    front.slack.create_campaign(ada)
    given = await assign_next_task(front, ada)
    answer = await front.click_button(ada.id, Action("answer", given, "verdict", "a"))
    assert (answer.status, answer.body) == (200, "")
    path = str(front.slack.database.engine.url.database)
    with sqlite3.connect(path) as other:
        found = other.execute("SELECT value FROM annotation").fetchall()
    other.close()
    assert found == [('{"verdict":"a"}',)]


async def test_the_outbox_is_woken_after_a_deed(front: BoltApp) -> None:
    ada = front.slack.add_expert()
    front.slack.create_campaign(ada)
    given = await assign_next_task(front, ada)
    await front.click_button(ada.id, Action("answer", given, "verdict", "a"))
    assert front.wake_calls == ["now"]


async def test_a_click_delivered_twice_is_acknowledged_twice_and_stored_once(
    front: BoltApp,
) -> None:
    ada = front.slack.add_expert()
    front.slack.create_campaign(ada)
    given = await assign_next_task(front, ada)
    for _ in range(2):
        answer = await front.click_button(ada.id, Action("answer", given, "verdict", "a"))
        assert answer.status == 200
    assert front.slack.scenario.count("annotation") == 1


@pytest.mark.parametrize("value", ["17:verdict:a", "nonsense", ""])
async def test_a_button_of_another_release_is_answered_in_words(front: BoltApp, value: str) -> None:
    body = button_payload(
        "U1", Action("shred", 17), response_url=front.slack.response_url_server.url
    )
    body["actions"][0]["value"] = value
    assert (await front.send(body)).status == 200
    assert front.ephemeral_texts() == [
        "This button is from an older version of me. Use `/label next` to get a fresh task."
    ]


async def test_a_closed_modal_is_acknowledged(front: BoltApp) -> None:
    body = submission_payload("U1", "write", "{}") | {"type": "view_closed", "is_cleared": False}
    assert (await front.send(body)).status == 200


async def test_an_event_of_no_use_to_us_is_acknowledged(front: BoltApp) -> None:
    for event in ({"type": "team_join", "user": {"id": "U1"}}, {"type": "tokens_revoked"}):
        assert (await front.send(event_payload(event))).status == 200
    assert front.slack.scenario.count("outbox") == 0


@pytest.mark.parametrize("text", ["", "help", "HELP", "what?", "Next"])
async def test_every_command_is_answered_in_words(front: BoltApp, text: str) -> None:
    answer = await front.send(command_payload("U1", text))
    assert answer.status == 200
    assert answer.body


async def test_a_button_in_a_view_is_a_button(front: BoltApp) -> None:
    ada = front.slack.add_expert()
    front.slack.create_campaign(ada)
    answer = await front.send(view_button_payload(ada.id, Action("next"), {"type": "home"}))
    assert answer.status == 200
    (row,) = await front.slack.outbox()
    assert (row.message_type, row.payload["message_ts"], row.response_url) == ("turn", None, None)
