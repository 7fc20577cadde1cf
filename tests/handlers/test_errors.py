"""Tests of the error handler: expected errors, errors of fields, and bugs."""

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


async def test_expected_error_is_an_ephemeral_message(bolt: BoltApp) -> None:
    response = await bolt.click_button("U1", Action("answer", 404, "verdict", "a"))
    assert (response.status, response.body) == (200, "")
    assert bolt.slack.response_url_server.posted == [
        {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": "This task no longer exists. Use `/label next` to get the next one.",
        }
    ]


async def test_field_error_is_shown_at_its_field_in_the_open_modal(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.scenario.create_campaign(kind="demonstration", experts=[ada.id])
    bolt.slack.scenario.import_rows("tone", [{"id": "1", "prompt": "Explain."}])
    assignment_id = await assign_next_task(bolt, ada)
    body = submission_payload(
        ada.id, "write_answer", ModalMetadata(assignment_id).to_json(), response__0=" "
    )
    response = await bolt.send(body)
    assert response.status == 200
    assert json.loads(response.body) == {
        "response_action": "errors",
        "errors": {"response:0": "Enter your response."},
    }


async def test_error_of_a_field_that_the_modal_lacks_is_shown_on_top(bolt: BoltApp) -> None:
    """The modal asks for a reason; meanwhile its verdict was undone in the message."""
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assignment_id = await assign_next_task(bolt, ada)
    body = submission_payload(
        ada.id, "write_answer", ModalMetadata(assignment_id).to_json(), reason__0="Because."
    )
    response = json.loads((await bolt.send(body)).body)
    assert response["response_action"] == "push"
    assert "Choose one" in response["view"]["blocks"][0]["text"]["text"]


async def test_other_error_of_a_modal_is_shown_on_top(bolt: BoltApp) -> None:
    body = submission_payload(
        "U1", "write_answer", ModalMetadata(404).to_json(), reason__0="Because."
    )
    response = json.loads((await bolt.send(body)).body)
    assert response["response_action"] == "push"
    assert response["view"]["callback_id"] == "notice"


async def test_error_of_a_command_is_its_ephemeral_reply(bolt: BoltApp) -> None:
    response = await bolt.send(command_payload("U1", "export tone"))
    assert response.status == 200
    assert json.loads(response.body) == {
        "response_type": "ephemeral",
        "text": "Only coordinators can export datasets; ask one of them to do it for you.",
    }


async def test_error_in_the_home_tab_opens_a_modal(bolt: BoltApp) -> None:
    await bolt.send(view_button_payload("U1", Action("answer", 404, "x", "y"), {"type": "home"}))
    (call,) = bolt.api_calls("views.open")
    assert "no longer exists" in str(call)


async def test_error_of_a_button_in_a_modal_is_shown_on_top(bolt: BoltApp) -> None:
    await bolt.send(view_button_payload("U1", Action("add_text_box", 404), {"type": "modal"}))
    (call,) = bolt.api_calls("views.push")
    assert "no longer exists" in str(call)


def broken_submission(person: str) -> dict[str, Any]:
    """Return a submission with empty metadata, which the code does not expect."""
    return submission_payload(person, "write_answer", "{}", reason__0="Because.")


async def test_bug_is_logged_and_not_acknowledged(
    bolt: BoltApp, caplog: pytest.LogCaptureFixture
) -> None:
    response = await bolt.send(broken_submission("U1"))
    assert response.status == 500
    assert "TypeError" in caplog.text


async def test_apology_has_a_reference_to_the_log(
    bolt: BoltApp, caplog: pytest.LogCaptureFixture
) -> None:
    body = command_payload("U1", "next", response_url=bolt.slack.response_url_server.url)
    bolt.slack.database.engine.dispose()
    del body["user_id"]
    body["user"] = {"id": "U1"}
    response = await bolt.send(body)
    assert response.status == 500
    (text,) = bolt.ephemeral_texts()
    (reference,) = re.findall("“([0-9a-f]{8})”", text)
    assert f"bug {reference}" in caplog.text


async def test_apology_does_not_quote_the_error(bolt: BoltApp) -> None:
    body = command_payload("U1", "next", response_url=bolt.slack.response_url_server.url)
    del body["user_id"]
    body["user"] = {"id": "U1"}
    await bolt.send(body)
    assert "user_id" not in "".join(bolt.ephemeral_texts())
