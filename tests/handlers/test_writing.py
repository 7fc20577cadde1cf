"""Writing in a modal or a thread: opened with what is there, stored to the letter."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import Person
from bot.services import writing
from bot.slack.ids import Press
from bot.slack.modals import Backdrop
from bot.slack.sheets import INPUT, MOST_PARTS
from tests.handlers.front import Front, hold, in_view, submitted

WHERE = {"channel": "D1", "message_ts": "1700000000.000100"}


async def opened(front: Front) -> tuple[Person, int]:
    """Return an expert and her demonstration."""
    ada = front.line.expert()
    front.line.workshop.creates(kind="demonstration", experts=[ada.id], overlap=1)
    front.line.workshop.imports("tone", [{"id": "1", "prompt": "Explain tides."}])
    return ada, await hold(front, ada)


def boxes(view: dict[str, Any]) -> list[str]:
    """Return what stands in each box of a modal."""
    inputs = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    return [element.get("initial_value", "") for element in inputs]


async def test_a_modal_opens_with_what_was_written_and_knows_its_message(front: Front) -> None:
    ada, given = await opened(front)
    front.line.workshop.answers(ada.id, given, response="First.")
    await front.presses(ada.id, Press("write", given))
    (call,) = front.called("views.open")
    assert boxes(call["view"]) == ["First."]
    backdrop = Backdrop.unpacked(call["view"]["private_metadata"])
    assert (backdrop.assignment, backdrop.response_url) == (given, front.line.hook.url)
    assert (backdrop.channel, backdrop.message_ts) == (WHERE["channel"], WHERE["message_ts"])


async def test_what_is_too_long_for_a_modal_is_sent_to_the_thread(front: Front) -> None:
    ada, given = await opened(front)
    front.line.workshop.answers(ada.id, given, response="x" * (INPUT * MOST_PARTS + 1))
    await front.presses(ada.id, Press("write", given))
    (call,) = front.called("views.open")
    assert "task's thread" in str(call["view"])


async def test_a_part_is_added_and_the_others_keep_what_was_typed(front: Front) -> None:
    ada, given = await opened(front)
    state = {
        f"response:{number}": {"response": {"value": f"part {number}"}} for number in range(11)
    }
    view = {
        "type": "modal",
        "private_metadata": Backdrop(given).packed(),
        "state": {"values": dict(sorted(state.items()))},
    }
    await front.sends(in_view(ada.id, Press("part", given, "response"), view))
    (call,) = front.called("views.update")
    assert boxes(call["view"]) == [*(f"part {number}" for number in range(11)), ""]
    assert (call["view_id"], call["hash"]) == ("V1", "1.x")


async def test_what_is_sent_is_stored_to_the_letter_and_answered_on_the_message(
    front: Front,
) -> None:
    ada, given = await opened(front)
    backdrop = Backdrop(
        given, **WHERE, response_url=front.line.hook.url, joins={"response": ("\n",)}
    )
    body = submitted(ada.id, "write", backdrop.packed(), response__0=" a ", response__1="b\n")
    assert (await front.sends(body)).body == ""
    (row,) = await front.line.assignments()
    assert row.value == {"response": " a \nb\n"}
    (said,) = await front.line.outbox()
    assert (said.word, said.response_url) == ("turn", front.line.hook.url)
    assert said.facts == {"assignment": given, **WHERE}


async def test_a_reason_is_added_to_its_verdict(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    given = await hold(front, ada)
    front.line.workshop.answers(ada.id, given, verdict="b")
    body = submitted(ada.id, "write", Backdrop(given).packed(), reason__0="Shorter.")
    await front.sends(body)
    (row,) = await front.line.assignments()
    assert row.value == {"verdict": "b", "reason": "Shorter."}


async def test_nobody_else_can_open_or_send_it(front: Front) -> None:
    _ada, given = await opened(front)
    await front.presses("U0EVE", Press("write", given))
    assert front.called("views.open") == []
    body = submitted("U0EVE", "write", Backdrop(given).packed(), response__0="Mine.")
    await front.sends(body)
    assert front.line.workshop.count("annotation") == 0


async def test_what_stands_in_the_thread_is_saved(front: Front) -> None:
    ada, given = await opened(front)
    front.line.database.write_now(
        writing.add_piece, given, "1.2", "From the thread.", front.line.now
    )
    await front.presses(ada.id, Press("save", given))
    (row,) = await front.line.assignments()
    assert row.value == {"response": "From the thread."}
    words = [one.word for one in await front.line.outbox()]
    assert words == ["piece", "saved", "turn", "task"]


async def test_an_empty_thread_is_not_saved_and_that_is_whispered(front: Front) -> None:
    ada, given = await opened(front)
    await front.presses(ada.id, Press("save", given))
    assert "nothing to save yet" in front.whispered()[0]


@pytest.mark.parametrize("is_there", [True, False])
async def test_starting_over_is_said_in_the_threads_message(
    front: Front, *, is_there: bool
) -> None:
    ada, given = await opened(front)
    front.line.database.write_now(writing.add_piece, given, "1.2", "Wrong.", front.line.now)
    if is_there:
        await front.presses(ada.id, Press("restart", given))
        assert "Started over" in str(front.line.hook.posted)
    assert front.line.database.read_now(writing.written, given) == ("" if is_there else "Wrong.")
