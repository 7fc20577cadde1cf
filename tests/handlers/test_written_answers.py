"""Writing in a modal or a thread: opened with what is there, stored to the letter."""

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

WHERE = {"channel": "D1", "message_ts": "1700000000.000100"}


async def opened(bolt: BoltApp) -> tuple[SimulatedUser, int]:
    """Return an expert and her demonstration."""
    ada = bolt.slack.add_expert()
    bolt.slack.scenario.create_campaign(kind="demonstration", experts=[ada.id], overlap=1)
    bolt.slack.scenario.import_rows("tone", [{"id": "1", "prompt": "Explain tides."}])
    return ada, await assign_next_task(bolt, ada)


def boxes(view: dict[str, Any]) -> list[str]:
    """Return what stands in each box of a modal."""
    inputs = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    return [element.get("initial_value", "") for element in inputs]


async def test_a_modal_opens_with_what_was_written_and_knows_its_message(bolt: BoltApp) -> None:
    ada, given = await opened(bolt)
    bolt.slack.scenario.submit_answer(ada.id, given, response="First.")
    await bolt.click_button(ada.id, Action("write_answer", given))
    (call,) = bolt.api_calls("views.open")
    assert boxes(call["view"]) == ["First."]
    backdrop = ModalMetadata.from_json(call["view"]["private_metadata"])
    assert (backdrop.target_id, backdrop.response_url) == (
        given,
        bolt.slack.response_url_server.url,
    )
    assert (backdrop.channel, backdrop.message_ts) == (WHERE["channel"], WHERE["message_ts"])


async def test_what_is_too_long_for_a_modal_is_sent_to_the_thread(bolt: BoltApp) -> None:
    ada, given = await opened(bolt)
    bolt.slack.scenario.submit_answer(
        ada.id, given, response="x" * (MAX_INPUT_CHARACTERS * MAX_PARTS + 1)
    )
    await bolt.click_button(ada.id, Action("write_answer", given))
    (call,) = bolt.api_calls("views.open")
    assert "task's thread" in str(call["view"])


async def test_a_part_is_added_and_the_others_keep_what_was_typed(bolt: BoltApp) -> None:
    ada, given = await opened(bolt)
    state = {
        f"response:{number}": {"response": {"value": f"part {number}"}} for number in range(11)
    }
    view = {
        "type": "modal",
        "private_metadata": ModalMetadata(given).to_json(),
        "state": {"values": dict(sorted(state.items()))},
    }
    await bolt.send(view_button_payload(ada.id, Action("add_text_box", given, "response"), view))
    (call,) = bolt.api_calls("views.update")
    assert boxes(call["view"]) == [*(f"part {number}" for number in range(11)), ""]
    assert (call["view_id"], call["hash"]) == ("V1", "1.x")


async def test_what_is_sent_is_stored_to_the_letter_and_answered_on_the_message(
    bolt: BoltApp,
) -> None:
    ada, given = await opened(bolt)
    backdrop = ModalMetadata(
        given,
        **WHERE,
        response_url=bolt.slack.response_url_server.url,
        joins={"response": ("\n",)},
    )
    body = submission_payload(
        ada.id, "write_answer", backdrop.to_json(), response__0=" a ", response__1="b\n"
    )
    assert (await bolt.send(body)).body == ""
    (row,) = await bolt.slack.assignments()
    assert row.value == {"response": " a \nb\n"}
    (said,) = await bolt.slack.outbox()
    assert (said.message_type, said.response_url) == (
        "task_page",
        bolt.slack.response_url_server.url,
    )
    assert said.payload == {"assignment_id": given, **WHERE}


async def test_a_reason_is_added_to_its_verdict(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    given = await assign_next_task(bolt, ada)
    bolt.slack.scenario.submit_answer(ada.id, given, verdict="b")
    body = submission_payload(
        ada.id, "write_answer", ModalMetadata(given).to_json(), reason__0="Shorter."
    )
    await bolt.send(body)
    (row,) = await bolt.slack.assignments()
    assert row.value == {"verdict": "b", "reason": "Shorter."}


async def test_nobody_else_can_open_or_send_it(bolt: BoltApp) -> None:
    _ada, given = await opened(bolt)
    await bolt.click_button("U0EVE", Action("write_answer", given))
    assert bolt.api_calls("views.open") == []
    body = submission_payload(
        "U0EVE", "write_answer", ModalMetadata(given).to_json(), response__0="Mine."
    )
    await bolt.send(body)
    assert bolt.slack.scenario.count("annotation") == 0


async def test_what_stands_in_the_thread_is_saved(bolt: BoltApp) -> None:
    ada, given = await opened(bolt)
    bolt.slack.database.write_now(
        thread_drafts.add_part, given, "1.2", "From the thread.", bolt.slack.now
    )
    await bolt.click_button(ada.id, Action("save_thread", given))
    (row,) = await bolt.slack.assignments()
    assert row.value == {"response": "From the thread."}
    words = [one.message_type for one in await bolt.slack.outbox()]
    assert words == ["draft_status", "draft_saved", "task_page", "new_task"]


async def test_an_empty_thread_is_not_saved_and_that_is_whispered(bolt: BoltApp) -> None:
    ada, given = await opened(bolt)
    await bolt.click_button(ada.id, Action("save_thread", given))
    assert "nothing to save yet" in bolt.ephemeral_texts()[0]


@pytest.mark.parametrize("is_there", [True, False])
async def test_starting_over_is_said_in_the_threads_message(
    bolt: BoltApp, *, is_there: bool
) -> None:
    ada, given = await opened(bolt)
    bolt.slack.database.write_now(thread_drafts.add_part, given, "1.2", "Wrong.", bolt.slack.now)
    if is_there:
        await bolt.click_button(ada.id, Action("restart_thread", given))
        assert "Started over" in str(bolt.slack.response_url_server.posted)
    assert bolt.slack.database.read_now(thread_drafts.draft_text, given) == (
        "" if is_there else "Wrong."
    )
