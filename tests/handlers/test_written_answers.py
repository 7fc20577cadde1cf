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


async def opened(front: BoltApp) -> tuple[SimulatedUser, int]:
    """Return an expert and her demonstration."""
    ada = front.slack.add_expert()
    front.slack.scenario.create_campaign(kind="demonstration", experts=[ada.id], overlap=1)
    front.slack.scenario.import_rows("tone", [{"id": "1", "prompt": "Explain tides."}])
    return ada, await assign_next_task(front, ada)


def boxes(view: dict[str, Any]) -> list[str]:
    """Return what stands in each box of a modal."""
    inputs = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    return [element.get("initial_value", "") for element in inputs]


async def test_a_modal_opens_with_what_was_written_and_knows_its_message(front: BoltApp) -> None:
    ada, given = await opened(front)
    front.slack.scenario.submit_answer(ada.id, given, response="First.")
    await front.click_button(ada.id, Action("write", given))
    (call,) = front.api_calls("views.open")
    assert boxes(call["view"]) == ["First."]
    backdrop = ModalMetadata.from_json(call["view"]["private_metadata"])
    assert (backdrop.target_id, backdrop.response_url) == (
        given,
        front.slack.response_url_server.url,
    )
    assert (backdrop.channel, backdrop.message_ts) == (WHERE["channel"], WHERE["message_ts"])


async def test_what_is_too_long_for_a_modal_is_sent_to_the_thread(front: BoltApp) -> None:
    ada, given = await opened(front)
    front.slack.scenario.submit_answer(
        ada.id, given, response="x" * (MAX_INPUT_CHARACTERS * MAX_PARTS + 1)
    )
    await front.click_button(ada.id, Action("write", given))
    (call,) = front.api_calls("views.open")
    assert "task's thread" in str(call["view"])


async def test_a_part_is_added_and_the_others_keep_what_was_typed(front: BoltApp) -> None:
    ada, given = await opened(front)
    state = {
        f"response:{number}": {"response": {"value": f"part {number}"}} for number in range(11)
    }
    view = {
        "type": "modal",
        "private_metadata": ModalMetadata(given).to_json(),
        "state": {"values": dict(sorted(state.items()))},
    }
    await front.send(view_button_payload(ada.id, Action("part", given, "response"), view))
    (call,) = front.api_calls("views.update")
    assert boxes(call["view"]) == [*(f"part {number}" for number in range(11)), ""]
    assert (call["view_id"], call["hash"]) == ("V1", "1.x")


async def test_what_is_sent_is_stored_to_the_letter_and_answered_on_the_message(
    front: BoltApp,
) -> None:
    ada, given = await opened(front)
    backdrop = ModalMetadata(
        given,
        **WHERE,
        response_url=front.slack.response_url_server.url,
        joins={"response": ("\n",)},
    )
    body = submission_payload(
        ada.id, "write", backdrop.to_json(), response__0=" a ", response__1="b\n"
    )
    assert (await front.send(body)).body == ""
    (row,) = await front.slack.assignments()
    assert row.value == {"response": " a \nb\n"}
    (said,) = await front.slack.outbox()
    assert (said.message_type, said.response_url) == ("turn", front.slack.response_url_server.url)
    assert said.payload == {"assignment": given, **WHERE}


async def test_a_reason_is_added_to_its_verdict(front: BoltApp) -> None:
    ada = front.slack.add_expert()
    front.slack.create_campaign(ada)
    given = await assign_next_task(front, ada)
    front.slack.scenario.submit_answer(ada.id, given, verdict="b")
    body = submission_payload(ada.id, "write", ModalMetadata(given).to_json(), reason__0="Shorter.")
    await front.send(body)
    (row,) = await front.slack.assignments()
    assert row.value == {"verdict": "b", "reason": "Shorter."}


async def test_nobody_else_can_open_or_send_it(front: BoltApp) -> None:
    _ada, given = await opened(front)
    await front.click_button("U0EVE", Action("write", given))
    assert front.api_calls("views.open") == []
    body = submission_payload("U0EVE", "write", ModalMetadata(given).to_json(), response__0="Mine.")
    await front.send(body)
    assert front.slack.scenario.count("annotation") == 0


async def test_what_stands_in_the_thread_is_saved(front: BoltApp) -> None:
    ada, given = await opened(front)
    front.slack.database.write_now(
        thread_drafts.add_part, given, "1.2", "From the thread.", front.slack.now
    )
    await front.click_button(ada.id, Action("save", given))
    (row,) = await front.slack.assignments()
    assert row.value == {"response": "From the thread."}
    words = [one.message_type for one in await front.slack.outbox()]
    assert words == ["piece", "saved", "turn", "task"]


async def test_an_empty_thread_is_not_saved_and_that_is_whispered(front: BoltApp) -> None:
    ada, given = await opened(front)
    await front.click_button(ada.id, Action("save", given))
    assert "nothing to save yet" in front.ephemeral_texts()[0]


@pytest.mark.parametrize("is_there", [True, False])
async def test_starting_over_is_said_in_the_threads_message(
    front: BoltApp, *, is_there: bool
) -> None:
    ada, given = await opened(front)
    front.slack.database.write_now(thread_drafts.add_part, given, "1.2", "Wrong.", front.slack.now)
    if is_there:
        await front.click_button(ada.id, Action("restart", given))
        assert "Started over" in str(front.slack.response_url_server.posted)
    assert front.slack.database.read_now(thread_drafts.draft_text, given) == (
        "" if is_there else "Wrong."
    )
