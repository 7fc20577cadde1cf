"""Where an error becomes words: beside the message, at the field, on top, or as an apology."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_modals import ModalMetadata
from tests.handlers.bolt_app import (
    BoltApp,
    assign_next_task,
    command_payload,
    submission_payload,
    view_button_payload,
)


async def test_an_expected_error_is_whispered_beside_the_message(front: BoltApp) -> None:
    answer = await front.click_button("U1", Action("answer", 404, "verdict", "a"))
    assert (answer.status, answer.body) == (200, "")
    assert front.slack.response_url_server.posted == [
        {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": "This task is no longer here. Use `/label next` to get the next one.",
        }
    ]


async def test_an_error_at_a_field_is_shown_there_and_the_modal_stays(front: BoltApp) -> None:
    ada = front.slack.add_expert()
    front.slack.scenario.create_campaign(kind="demonstration", experts=[ada.id])
    front.slack.scenario.import_rows("tone", [{"id": "1", "prompt": "Explain."}])
    given = await assign_next_task(front, ada)
    body = submission_payload(ada.id, "write", ModalMetadata(given).to_json(), response__0=" ")
    answer = await front.send(body)
    assert answer.status == 200
    assert json.loads(answer.body) == {
        "response_action": "errors",
        "errors": {"response:0": "Please write a response before you send it."},
    }


async def test_an_error_at_a_field_the_modal_does_not_have_is_shown_on_top(front: BoltApp) -> None:
    """A reason was opened, then the verdict it belongs to was undone elsewhere."""
    ada = front.slack.add_expert()
    front.slack.create_campaign(ada)
    given = await assign_next_task(front, ada)
    body = submission_payload(ada.id, "write", ModalMetadata(given).to_json(), reason__0="Because.")
    answer = json.loads((await front.send(body)).body)
    assert answer["response_action"] == "push"
    assert "Please choose one" in answer["view"]["blocks"][0]["text"]["text"]


async def test_any_other_error_of_a_modal_is_shown_on_top_and_the_words_stay_underneath(
    front: BoltApp,
) -> None:
    body = submission_payload("U1", "write", ModalMetadata(404).to_json(), reason__0="Because.")
    answer = json.loads((await front.send(body)).body)
    assert answer["response_action"] == "push"
    assert answer["view"]["callback_id"] == "notice"


async def test_an_error_of_a_command_is_its_answer_to_one_person(front: BoltApp) -> None:
    answer = await front.send(command_payload("U1", "export tone"))
    assert answer.status == 200
    assert json.loads(answer.body) == {
        "response_type": "ephemeral",
        "text": "Only coordinators can export; ask one of them to do it for you.",
    }


async def test_an_error_in_the_home_tab_opens_as_a_modal(front: BoltApp) -> None:
    await front.send(view_button_payload("U1", Action("answer", 404, "x", "y"), {"type": "home"}))
    (call,) = front.api_calls("views.open")
    assert "no longer here" in str(call)


async def test_an_error_in_a_modal_is_put_on_top_of_it(front: BoltApp) -> None:
    await front.send(view_button_payload("U1", Action("part", 404), {"type": "modal"}))
    (call,) = front.api_calls("views.push")
    assert "no longer here" in str(call)


def broken(person: str) -> dict[str, Any]:
    """Return a payload that none of our code expects: a modal without what it must remember."""
    return submission_payload(person, "write", "{}", reason__0="Because.")


async def test_a_bug_is_not_acknowledged_because_nothing_was_stored(
    front: BoltApp, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await front.send(broken("U1"))
    assert answer.status == 500
    assert "TypeError" in caplog.text


async def test_a_bug_is_apologized_for_with_a_reference_that_is_in_the_log(
    front: BoltApp, caplog: pytest.LogCaptureFixture
) -> None:
    body = command_payload("U1", "next", response_url=front.slack.response_url_server.url)
    front.slack.database.engine.dispose()
    del body["user_id"]
    body["user"] = {"id": "U1"}
    answer = await front.send(body)
    assert answer.status == 500
    (said,) = front.ephemeral_texts()
    (reference,) = re.findall("“([0-9a-f]{8})”", said)
    assert f"bug {reference}" in caplog.text


async def test_an_apology_quotes_nothing_of_the_error(front: BoltApp) -> None:
    body = command_payload("U1", "next", response_url=front.slack.response_url_server.url)
    del body["user_id"]
    body["user"] = {"id": "U1"}
    await front.send(body)
    assert "user_id" not in "".join(front.ephemeral_texts())
