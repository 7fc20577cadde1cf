"""From Bolt to the deed and back: acknowledged means stored, and everything is acknowledged."""

from __future__ import annotations

import sqlite3

import pytest

from bot.slack.ids import Press
from tests.handlers.front import Front, happened, hold, in_view, pressed, submitted, typed


async def test_a_click_is_stored_when_it_is_acknowledged(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    given = await hold(front, ada)
    answer = await front.presses(ada.id, Press("answer", given, "verdict", "a"))
    assert (answer.status, answer.body) == (200, "")
    path = str(front.line.database.engine.url.database)
    with sqlite3.connect(path) as other:
        found = other.execute("SELECT value FROM annotation").fetchall()
    other.close()
    assert found == [('{"verdict":"a"}',)]


async def test_the_outbox_is_woken_after_a_deed(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    given = await hold(front, ada)
    await front.presses(ada.id, Press("answer", given, "verdict", "a"))
    assert front.woken == ["now"]


async def test_a_click_delivered_twice_is_acknowledged_twice_and_stored_once(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    given = await hold(front, ada)
    for _ in range(2):
        answer = await front.presses(ada.id, Press("answer", given, "verdict", "a"))
        assert answer.status == 200
    assert front.line.workshop.count("annotation") == 1


@pytest.mark.parametrize("value", ["17:verdict:a", "nonsense", ""])
async def test_a_button_of_another_release_is_answered_in_words(front: Front, value: str) -> None:
    body = pressed("U1", Press("shred", 17), response_url=front.line.hook.url)
    body["actions"][0]["value"] = value
    assert (await front.sends(body)).status == 200
    assert front.whispered() == [
        "This button is from an older version of me. Use `/label next` to get a fresh task."
    ]


async def test_a_closed_modal_is_acknowledged(front: Front) -> None:
    body = submitted("U1", "write", "{}") | {"type": "view_closed", "is_cleared": False}
    assert (await front.sends(body)).status == 200


async def test_an_event_of_no_use_to_us_is_acknowledged(front: Front) -> None:
    for event in ({"type": "team_join", "user": {"id": "U1"}}, {"type": "tokens_revoked"}):
        assert (await front.sends(happened(event))).status == 200
    assert front.line.workshop.count("outbox") == 0


@pytest.mark.parametrize("text", ["", "help", "HELP", "what?", "Next"])
async def test_every_command_is_answered_in_words(front: Front, text: str) -> None:
    answer = await front.sends(typed("U1", text))
    assert answer.status == 200
    assert answer.body


async def test_a_button_in_a_view_is_a_button(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    answer = await front.sends(in_view(ada.id, Press("next"), {"type": "home"}))
    assert answer.status == 200
    (row,) = await front.line.outbox()
    assert (row.word, row.facts["message_ts"], row.response_url) == ("turn", None, None)
