"""Where an error becomes words: beside the message, at the field, on top, or as an apology."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from bot.slack.ids import Press
from bot.slack.modals import Backdrop
from tests.handlers.front import Front, hold, in_view, submitted, typed


async def test_an_expected_error_is_whispered_beside_the_message(front: Front) -> None:
    answer = await front.presses("U1", Press("answer", 404, "verdict", "a"))
    assert (answer.status, answer.body) == (200, "")
    assert front.line.hook.posted == [
        {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": "This task is no longer here. Use `/label next` to get the next one.",
        }
    ]


async def test_an_error_at_a_field_is_shown_there_and_the_modal_stays(front: Front) -> None:
    ada = front.line.expert()
    front.line.workshop.creates(kind="demonstration", experts=[ada.id])
    front.line.workshop.imports("tone", [{"id": "1", "prompt": "Explain."}])
    given = await hold(front, ada)
    body = submitted(ada.id, "write", Backdrop(given).packed(), response__0=" ")
    answer = await front.sends(body)
    assert answer.status == 200
    assert json.loads(answer.body) == {
        "response_action": "errors",
        "errors": {"response:0": "Please write a response before you send it."},
    }


async def test_an_error_at_a_field_the_modal_does_not_have_is_shown_on_top(front: Front) -> None:
    """A reason was opened, then the verdict it belongs to was undone elsewhere."""
    ada = front.line.expert()
    front.line.campaign(ada)
    given = await hold(front, ada)
    body = submitted(ada.id, "write", Backdrop(given).packed(), reason__0="Because.")
    answer = json.loads((await front.sends(body)).body)
    assert answer["response_action"] == "push"
    assert "Please choose one" in answer["view"]["blocks"][0]["text"]["text"]


async def test_any_other_error_of_a_modal_is_shown_on_top_and_the_words_stay_underneath(
    front: Front,
) -> None:
    body = submitted("U1", "write", Backdrop(404).packed(), reason__0="Because.")
    answer = json.loads((await front.sends(body)).body)
    assert answer["response_action"] == "push"
    assert answer["view"]["callback_id"] == "notice"


async def test_an_error_of_a_command_is_its_answer_to_one_person(front: Front) -> None:
    answer = await front.sends(typed("U1", "export tone"))
    assert answer.status == 200
    assert json.loads(answer.body) == {
        "response_type": "ephemeral",
        "text": "Only coordinators can export; ask one of them to do it for you.",
    }


async def test_an_error_in_the_home_tab_opens_as_a_modal(front: Front) -> None:
    await front.sends(in_view("U1", Press("answer", 404, "x", "y"), {"type": "home"}))
    (call,) = front.called("views.open")
    assert "no longer here" in str(call)


async def test_an_error_in_a_modal_is_put_on_top_of_it(front: Front) -> None:
    await front.sends(in_view("U1", Press("part", 404), {"type": "modal"}))
    (call,) = front.called("views.push")
    assert "no longer here" in str(call)


def broken(person: str) -> dict[str, Any]:
    """Return a payload that none of our code expects: a modal without what it must remember."""
    return submitted(person, "write", "{}", reason__0="Because.")


async def test_a_bug_is_not_acknowledged_because_nothing_was_stored(
    front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await front.sends(broken("U1"))
    assert answer.status == 500
    assert "TypeError" in caplog.text


async def test_a_bug_is_apologized_for_with_a_reference_that_is_in_the_log(
    front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    body = typed("U1", "next", response_url=front.line.hook.url)
    front.line.database.engine.dispose()
    del body["user_id"]
    body["user"] = {"id": "U1"}
    answer = await front.sends(body)
    assert answer.status == 500
    (said,) = front.whispered()
    (reference,) = re.findall("“([0-9a-f]{8})”", said)
    assert f"bug {reference}" in caplog.text


async def test_an_apology_quotes_nothing_of_the_error(front: Front) -> None:
    body = typed("U1", "next", response_url=front.line.hook.url)
    del body["user_id"]
    body["user"] = {"id": "U1"}
    await front.sends(body)
    assert "user_id" not in "".join(front.whispered())
