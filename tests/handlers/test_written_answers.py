"""Tests of written answers, in the dialog and in the thread."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import SimulatedUser
from bot.services.threads import thread_drafts
from bot.slack.forms.modal_fields import MAX_INPUT_CHARACTERS, MAX_PARTS
from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_modals import ModalMetadata
from tests.handlers.bolt_app import (
    BoltApp,
    assign_next_task,
    submission_payload,
    view_button_payload,
)

LOCATION = {"channel": "D1", "message_ts": "1700000000.000100"}


async def assign_demonstration(bolt: BoltApp) -> tuple[SimulatedUser, int]:
    """Return an expert and her assignment, a demonstration."""
    ada = bolt.slack.add_expert()
    bolt.slack.scenario.create_campaign(kind="demonstration", experts=[ada.id], overlap=1)
    bolt.slack.scenario.import_rows("tone", [{"id": "1", "prompt": "Explain tides."}])
    return ada, await assign_next_task(bolt, ada)


def text_boxes(view: dict[str, Any]) -> list[str]:
    """Return the initial text of each text box of a modal."""
    inputs = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    return [element.get("initial_value", "") for element in inputs]


async def test_dialog_opens_with_the_saved_text(bolt: BoltApp) -> None:
    ada, assignment_id = await assign_demonstration(bolt)
    bolt.slack.scenario.submit_answer(ada.id, assignment_id, response="First.")
    await bolt.click_button(ada.id, Action("write_answer", assignment_id))
    (call,) = bolt.api_calls("views.open")
    assert text_boxes(call["view"]) == ["First."]
    metadata = ModalMetadata.from_json(call["view"]["private_metadata"])
    assert (metadata.target_id, metadata.response_url) == (
        assignment_id,
        bolt.slack.response_url_server.url,
    )
    assert (metadata.channel, metadata.message_ts) == (LOCATION["channel"], LOCATION["message_ts"])


async def test_text_too_long_for_a_modal_must_be_edited_in_the_thread(bolt: BoltApp) -> None:
    ada, assignment_id = await assign_demonstration(bolt)
    bolt.slack.scenario.submit_answer(
        ada.id, assignment_id, response="x" * (MAX_INPUT_CHARACTERS * MAX_PARTS + 1)
    )
    await bolt.click_button(ada.id, Action("write_answer", assignment_id))
    (call,) = bolt.api_calls("views.open")
    assert "task's thread" in str(call["view"])


async def test_added_text_box_keeps_the_text_of_the_others(bolt: BoltApp) -> None:
    ada, assignment_id = await assign_demonstration(bolt)
    state = {
        f"response:{number}": {"response": {"value": f"part {number}"}} for number in range(11)
    }
    view = {
        "type": "modal",
        "private_metadata": ModalMetadata(assignment_id).to_json(),
        "state": {"values": dict(sorted(state.items()))},
    }
    await bolt.send(
        view_button_payload(ada.id, Action("add_text_box", assignment_id, "response"), view)
    )
    (call,) = bolt.api_calls("views.update")
    assert text_boxes(call["view"]) == [*(f"part {number}" for number in range(11)), ""]
    assert (call["view_id"], call["hash"]) == ("V1", "1.x")


async def test_submitted_text_is_stored_exactly(bolt: BoltApp) -> None:
    ada, assignment_id = await assign_demonstration(bolt)
    metadata = ModalMetadata(
        assignment_id,
        LOCATION["channel"],
        LOCATION["message_ts"],
        response_url=bolt.slack.response_url_server.url,
        joins={"response": ("\n",)},
    )
    body = submission_payload(
        ada.id, "write_answer", metadata.to_json(), response__0=" a ", response__1="b\n"
    )
    assert (await bolt.send(body)).body == ""
    (row,) = await bolt.slack.assignments()
    assert row.value == {"response": " a \nb\n"}
    (message,) = await bolt.slack.outbox()
    assert (message.message_type, message.response_url) == (
        "task_page",
        bolt.slack.response_url_server.url,
    )
    assert message.payload == {"assignment_id": assignment_id, **LOCATION}


async def test_reason_is_added_to_its_verdict(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assignment_id = await assign_next_task(bolt, ada)
    bolt.slack.scenario.submit_answer(ada.id, assignment_id, verdict="b")
    body = submission_payload(
        ada.id, "write_answer", ModalMetadata(assignment_id).to_json(), reason__0="Shorter."
    )
    await bolt.send(body)
    (row,) = await bolt.slack.assignments()
    assert row.value == {"verdict": "b", "reason": "Shorter."}


async def test_other_people_cannot_open_or_submit_it(bolt: BoltApp) -> None:
    _ada, assignment_id = await assign_demonstration(bolt)
    await bolt.click_button("U0EVE", Action("write_answer", assignment_id))
    assert bolt.api_calls("views.open") == []
    body = submission_payload(
        "U0EVE", "write_answer", ModalMetadata(assignment_id).to_json(), response__0="Mine."
    )
    await bolt.send(body)
    assert bolt.slack.scenario.count("annotation") == 0


async def test_draft_in_the_thread_is_saved(bolt: BoltApp) -> None:
    ada, assignment_id = await assign_demonstration(bolt)
    bolt.slack.database.write_now(
        thread_drafts.add_part, assignment_id, "1.2", "From the thread.", bolt.slack.now
    )
    await bolt.click_button(ada.id, Action("save_thread", assignment_id))
    (row,) = await bolt.slack.assignments()
    assert row.value == {"response": "From the thread."}
    message_types = [message.message_type for message in await bolt.slack.outbox()]
    assert message_types == ["draft_status", "draft_saved", "task_page", "new_task"]


async def test_empty_draft_is_not_saved(bolt: BoltApp) -> None:
    ada, assignment_id = await assign_demonstration(bolt)
    await bolt.click_button(ada.id, Action("save_thread", assignment_id))
    assert "nothing to save yet" in bolt.ephemeral_texts()[0]


@pytest.mark.parametrize("is_discarded", [True, False])
async def test_start_over_discards_the_draft(bolt: BoltApp, *, is_discarded: bool) -> None:
    ada, assignment_id = await assign_demonstration(bolt)
    bolt.slack.database.write_now(
        thread_drafts.add_part, assignment_id, "1.2", "Wrong.", bolt.slack.now
    )
    if is_discarded:
        await bolt.click_button(ada.id, Action("restart_thread", assignment_id))
        assert "Started over" in str(bolt.slack.response_url_server.posted)
    assert bolt.slack.database.read_now(thread_drafts.draft_text, assignment_id) == (
        "" if is_discarded else "Wrong."
    )
