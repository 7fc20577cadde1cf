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


async def test_an_expected_error_is_whispered_beside_the_message(bolt: BoltApp) -> None:
    answer = await bolt.click_button("U1", Action("answer", 404, "verdict", "a"))
    assert (answer.status, answer.body) == (200, "")
    assert bolt.slack.response_url_server.posted == [
        {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": "This task no longer exists. Use `/label next` to get the next one.",
        }
    ]


async def test_an_error_at_a_field_is_shown_there_and_the_modal_stays(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.scenario.create_campaign(kind="demonstration", experts=[ada.id])
    bolt.slack.scenario.import_rows("tone", [{"id": "1", "prompt": "Explain."}])
    given = await assign_next_task(bolt, ada)
    body = submission_payload(
        ada.id, "write_answer", ModalMetadata(given).to_json(), response__0=" "
    )
    answer = await bolt.send(body)
    assert answer.status == 200
    assert json.loads(answer.body) == {
        "response_action": "errors",
        "errors": {"response:0": "Enter your response."},
    }


async def test_an_error_at_a_field_the_modal_does_not_have_is_shown_on_top(bolt: BoltApp) -> None:
    """A reason was opened, then the verdict it belongs to was undone elsewhere."""
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    given = await assign_next_task(bolt, ada)
    body = submission_payload(
        ada.id, "write_answer", ModalMetadata(given).to_json(), reason__0="Because."
    )
    answer = json.loads((await bolt.send(body)).body)
    assert answer["response_action"] == "push"
    assert "Choose one" in answer["view"]["blocks"][0]["text"]["text"]


async def test_any_other_error_of_a_modal_is_shown_on_top_and_the_words_stay_underneath(
    bolt: BoltApp,
) -> None:
    body = submission_payload(
        "U1", "write_answer", ModalMetadata(404).to_json(), reason__0="Because."
    )
    answer = json.loads((await bolt.send(body)).body)
    assert answer["response_action"] == "push"
    assert answer["view"]["callback_id"] == "notice"


async def test_an_error_of_a_command_is_its_answer_to_one_person(bolt: BoltApp) -> None:
    answer = await bolt.send(command_payload("U1", "export tone"))
    assert answer.status == 200
    assert json.loads(answer.body) == {
        "response_type": "ephemeral",
        "text": "Only coordinators can export; ask one of them to do it for you.",
    }


async def test_an_error_in_the_home_tab_opens_as_a_modal(bolt: BoltApp) -> None:
    await bolt.send(view_button_payload("U1", Action("answer", 404, "x", "y"), {"type": "home"}))
    (call,) = bolt.api_calls("views.open")
    assert "no longer here" in str(call)


async def test_an_error_in_a_modal_is_put_on_top_of_it(bolt: BoltApp) -> None:
    await bolt.send(view_button_payload("U1", Action("add_text_box", 404), {"type": "modal"}))
    (call,) = bolt.api_calls("views.push")
    assert "no longer here" in str(call)


def broken(person: str) -> dict[str, Any]:
    """Return a payload that none of our code expects: a modal without what it must remember."""
    return submission_payload(person, "write_answer", "{}", reason__0="Because.")


async def test_a_bug_is_not_acknowledged_because_nothing_was_stored(
    bolt: BoltApp, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await bolt.send(broken("U1"))
    assert answer.status == 500
    assert "TypeError" in caplog.text


async def test_a_bug_is_apologized_for_with_a_reference_that_is_in_the_log(
    bolt: BoltApp, caplog: pytest.LogCaptureFixture
) -> None:
    body = command_payload("U1", "next", response_url=bolt.slack.response_url_server.url)
    bolt.slack.database.engine.dispose()
    del body["user_id"]
    body["user"] = {"id": "U1"}
    answer = await bolt.send(body)
    assert answer.status == 500
    (said,) = bolt.ephemeral_texts()
    (reference,) = re.findall("“([0-9a-f]{8})”", said)
    assert f"bug {reference}" in caplog.text


async def test_an_apology_quotes_nothing_of_the_error(bolt: BoltApp) -> None:
    body = command_payload("U1", "next", response_url=bolt.slack.response_url_server.url)
    del body["user_id"]
    body["user"] = {"id": "U1"}
    await bolt.send(body)
    assert "user_id" not in "".join(bolt.ephemeral_texts())
