"""Delivering: in order, once, at Slack's pace, and no message holds up another lane's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import event

from bot.slack.outbox import GIVE_UP_AFTER, MOST_TRIES_OF_A_BUG, SIDE_BY_SIDE
from bot.slack.words import WORDS
from storage.tables import Outbox
from tests.slack.line import Line


def states(rows: list[Outbox]) -> list[str]:
    """Return what became of each message."""
    return [row.state for row in rows]


def failed_with(word: str) -> Callable[[list[Outbox]], bool]:
    """Return whether the first message was refused with this word last."""
    return lambda rows: rows[0].error == word


async def test_what_is_queued_is_said_once_and_written_down(line: Line) -> None:
    ada = line.expert()
    await line.put("words", ada.id, words="Hello.")
    await line.delivers()
    await line.delivers()
    assert [message.plain for message in ada.messages] == ["Hello."]
    (row,) = await line.outbox()
    assert (row.state, row.attempts, row.error) == ("sent", 1, None)
    assert row.sent_at is not None


async def test_a_lane_is_said_in_order(line: Line) -> None:
    ada = line.expert()
    for number in range(8):
        await line.put("words", ada.id, words=f"{number}")
    await line.delivers()
    assert [message.plain for message in ada.messages] == [str(number) for number in range(8)]


async def test_more_lanes_than_are_served_at_once_are_all_served(line: Line) -> None:
    people = [line.expert(f"expert{number}") for number in range(SIDE_BY_SIDE + 5)]
    for person in people:
        await line.put("words", person.id, words="Hello.")
    await line.delivers()
    assert all(len(person.messages) == 1 for person in people)


async def test_a_lane_that_waits_keeps_its_order_and_holds_up_no_other(line: Line) -> None:
    ada, grace = line.expert("ada"), line.expert("grace")
    line.sandbox.faults.error("chat.postMessage", "fatal_error")
    await line.put("words", ada.id, words="first")
    async with line.delivering() as deliverer:
        await line.until(lambda rows: rows[0].error == "fatal_error")
        await line.put("words", ada.id, words="second")
        await line.put("words", grace.id, words="hers")
        deliverer.wake()
        rows = await line.until(lambda rows: rows[2].state == "sent")
        assert states(rows) == ["waiting", "waiting", "sent"]
        line.passes(seconds=2)
        deliverer.wake()
        await line.until(lambda rows: states(rows) == ["sent"] * 3)
    assert [message.plain for message in ada.messages] == ["first", "second"]


async def test_each_try_waits_twice_as_long_until_slack_takes_it(line: Line) -> None:
    ada = line.expert()
    troubles = ("internal_error", "fatal_error", "request_timeout", "service_unavailable")
    for trouble in troubles:
        line.sandbox.faults.error("chat.postMessage", trouble)
    await line.put("words", ada.id, words="Hello.")
    waits = []
    async with line.delivering() as deliverer:
        for trouble in troubles:
            (row,) = await line.until(failed_with(trouble))
            waits.append(round((row.due_at - line.now).total_seconds()))
            line.clock.turn_to(row.due_at)
            deliverer.wake()
        await line.until(lambda rows: states(rows) == ["sent"])
    assert waits == [1, 2, 4, 8]
    assert len(ada.messages) == 1


async def test_a_rate_limit_is_waited_out_as_long_as_slack_says(line: Line) -> None:
    ada = line.expert()
    line.sandbox.faults.ratelimit("chat.postMessage", retry_after=30)
    await line.put("words", ada.id, words="Hello.")
    async with line.delivering() as deliverer:
        (row,) = await line.until(lambda rows: rows[0].error == "ratelimited")
        assert 28 < (row.due_at - line.now).total_seconds() <= 30
        line.passes(seconds=31)
        deliverer.wake()
        await line.until(lambda rows: states(rows) == ["sent"])


@pytest.mark.parametrize(
    "word", ["account_inactive", "channel_not_found", "user_disabled", "invalid_blocks"]
)
async def test_what_slack_will_never_take_is_given_up_at_once_and_the_next_is_said(
    line: Line, word: str
) -> None:
    ada = line.expert()
    line.sandbox.faults.error("chat.postMessage", word)
    await line.put("words", ada.id, words="never")
    await line.put("words", ada.id, words="next")
    await line.delivers()
    rows = await line.outbox()
    assert states(rows) == ["failed", "sent"]
    assert (rows[0].attempts, rows[0].error) == (1, word)
    assert [message.plain for message in ada.messages] == ["next"]


async def test_what_slack_did_not_take_for_a_day_is_given_up(line: Line) -> None:
    ada = line.expert()
    line.sandbox.faults.error("chat.postMessage", "internal_error", times=2)
    await line.put("words", ada.id, words="yesterday")
    async with line.delivering() as deliverer:
        await line.until(lambda rows: rows[0].error == "internal_error")
        line.clock.turn(GIVE_UP_AFTER)
        deliverer.wake()
        await line.until(lambda rows: states(rows) == ["failed"])


async def test_a_bug_of_ours_does_not_hold_up_its_lane_for_long(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    ada = line.expert()
    await line.put("no such word", ada.id)
    await line.put("words", ada.id, words="next")
    async with line.delivering() as deliverer:
        while states(await line.outbox()) != ["failed", "sent"]:
            line.passes(seconds=40)
            deliverer.wake()
            await asyncio.sleep(0.01)
    rows = await line.outbox()
    assert rows[0].attempts == MOST_TRIES_OF_A_BUG
    assert rows[0].error == "KeyError"
    assert "could not say “no such word”" in caplog.text


async def test_what_a_process_that_died_was_saying_is_said_at_once(line: Line) -> None:
    ada = line.expert()
    line.sandbox.faults.error("chat.postMessage", "internal_error")
    await line.put("words", ada.id, words="Hello.")
    async with line.delivering():
        await line.until(lambda rows: rows[0].error is not None)
    await line.delivers()
    assert len(ada.messages) == 1


async def test_stopping_lets_what_is_being_said_be_finished(line: Line) -> None:
    ada = line.expert()
    line.sandbox.faults.slow("chat.postMessage", 0.2)
    await line.put("words", ada.id, words="Hello.")
    async with line.delivering():
        await line.until(lambda rows: rows[0].attempts == 1)
    assert len(ada.messages) == 1
    assert states(await line.outbox()) == ["sent"]


async def test_nothing_is_taken_after_the_stop(line: Line) -> None:
    ada = line.expert()
    async with line.delivering() as deliverer:
        deliverer.stop()
        await line.put("words", ada.id, words="too late")
        deliverer.wake()
    assert states(await line.outbox()) == ["waiting"]


async def test_what_takes_long_is_not_said_twice_though_its_hold_ran_out(line: Line) -> None:
    ada = line.expert()
    line.sandbox.faults.slow("chat.postMessage", 0.3)
    await line.put("words", ada.id, words="Hello.")
    async with line.delivering() as deliverer:
        await line.until(lambda rows: rows[0].attempts == 1)
        line.passes(hours=1)
        deliverer.wake()
        await line.until(lambda rows: states(rows) == ["sent"])
    assert len(ada.messages) == 1
    assert line.sandbox.counts["chat.postMessage"] == 1


async def test_an_idle_deliverer_does_not_keep_asking_the_database(line: Line) -> None:
    ada = line.expert()
    line.sandbox.faults.error("chat.postMessage", "internal_error", times=9)
    await line.put("words", ada.id, words="waits")
    await line.put("words", ada.id, words="waits behind it")
    looks: list[object] = []
    look = looks.append
    async with line.delivering():
        await line.until(lambda rows: rows[0].error is not None)
        event.listen(line.database.engine, "begin", look)
        await asyncio.sleep(0.3)
        event.remove(line.database.engine, "begin", look)
    assert len(looks) < 8


def test_every_word_has_a_way_to_be_said() -> None:
    assert all(say.__doc__ for say in WORDS.values())
