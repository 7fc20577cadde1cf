"""Delivering: in order, once, at Slack's pace, and no message holds up another lane's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import event

from bot.slack.outbox.delivery import (
    GIVE_UP_AFTER,
    MAX_ATTEMPTS_AFTER_BUG,
    MAX_CONCURRENT_DELIVERIES,
)
from bot.slack.outbox.messages import MESSAGE_TYPES
from storage.tables import OutboxMessage
from tests.slack.slack_fixture import SlackFixture


def states(rows: list[OutboxMessage]) -> list[str]:
    """Return what became of each message."""
    return [row.state for row in rows]


def failed_with(word: str) -> Callable[[list[OutboxMessage]], bool]:
    """Return whether the first message was refused with this word last."""
    return lambda rows: rows[0].error == word


async def test_what_is_queued_is_said_once_and_written_down(line: SlackFixture) -> None:
    ada = line.add_expert()
    await line.enqueue("words", ada.id, words="Hello.")
    await line.deliver_all()
    await line.deliver_all()
    assert [message.plain_text for message in ada.messages] == ["Hello."]
    (row,) = await line.outbox()
    assert (row.state, row.attempts, row.error) == ("sent", 1, None)
    assert row.sent_at is not None


async def test_a_lane_is_said_in_order(line: SlackFixture) -> None:
    ada = line.add_expert()
    for number in range(8):
        await line.enqueue("words", ada.id, words=f"{number}")
    await line.deliver_all()
    assert [message.plain_text for message in ada.messages] == [str(number) for number in range(8)]


async def test_more_lanes_than_are_served_at_once_are_all_served(line: SlackFixture) -> None:
    people = [line.add_expert(f"expert{number}") for number in range(MAX_CONCURRENT_DELIVERIES + 5)]
    for person in people:
        await line.enqueue("words", person.id, words="Hello.")
    await line.deliver_all()
    assert all(len(person.messages) == 1 for person in people)


async def test_a_lane_that_waits_keeps_its_order_and_holds_up_no_other(line: SlackFixture) -> None:
    ada, grace = line.add_expert("ada"), line.add_expert("grace")
    line.sandbox.faults.error("chat.postMessage", "fatal_error")
    await line.enqueue("words", ada.id, words="first")
    async with line.run_deliverer() as deliverer:
        await line.wait_until(lambda rows: rows[0].error == "fatal_error")
        await line.enqueue("words", ada.id, words="second")
        await line.enqueue("words", grace.id, words="hers")
        deliverer.wake()
        rows = await line.wait_until(lambda rows: rows[2].state == "sent")
        assert states(rows) == ["waiting", "waiting", "sent"]
        line.advance_clock(seconds=2)
        deliverer.wake()
        await line.wait_until(lambda rows: states(rows) == ["sent"] * 3)
    assert [message.plain_text for message in ada.messages] == ["first", "second"]


async def test_each_try_waits_twice_as_long_until_slack_takes_it(line: SlackFixture) -> None:
    ada = line.add_expert()
    troubles = ("internal_error", "fatal_error", "request_timeout", "service_unavailable")
    for trouble in troubles:
        line.sandbox.faults.error("chat.postMessage", trouble)
    await line.enqueue("words", ada.id, words="Hello.")
    waits = []
    async with line.run_deliverer() as deliverer:
        for trouble in troubles:
            (row,) = await line.wait_until(failed_with(trouble))
            waits.append(round((row.due_at - line.now).total_seconds()))
            line.clock.advance_to(row.due_at)
            deliverer.wake()
        await line.wait_until(lambda rows: states(rows) == ["sent"])
    assert waits == [1, 2, 4, 8]
    assert len(ada.messages) == 1


async def test_a_rate_limit_is_waited_out_as_long_as_slack_says(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.sandbox.faults.ratelimit("chat.postMessage", retry_after=30)
    await line.enqueue("words", ada.id, words="Hello.")
    async with line.run_deliverer() as deliverer:
        (row,) = await line.wait_until(lambda rows: rows[0].error == "ratelimited")
        assert 28 < (row.due_at - line.now).total_seconds() <= 30
        line.advance_clock(seconds=31)
        deliverer.wake()
        await line.wait_until(lambda rows: states(rows) == ["sent"])


@pytest.mark.parametrize(
    "word", ["account_inactive", "channel_not_found", "user_disabled", "invalid_blocks"]
)
async def test_what_slack_will_never_take_is_given_up_at_once_and_the_next_is_said(
    line: SlackFixture, word: str
) -> None:
    ada = line.add_expert()
    line.sandbox.faults.error("chat.postMessage", word)
    await line.enqueue("words", ada.id, words="never")
    await line.enqueue("words", ada.id, words="next")
    await line.deliver_all()
    rows = await line.outbox()
    assert states(rows) == ["failed", "sent"]
    assert (rows[0].attempts, rows[0].error) == (1, word)
    assert [message.plain_text for message in ada.messages] == ["next"]


async def test_what_slack_did_not_take_for_a_day_is_given_up(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.sandbox.faults.error("chat.postMessage", "internal_error", times=2)
    await line.enqueue("words", ada.id, words="yesterday")
    async with line.run_deliverer() as deliverer:
        await line.wait_until(lambda rows: rows[0].error == "internal_error")
        line.clock.advance(GIVE_UP_AFTER)
        deliverer.wake()
        await line.wait_until(lambda rows: states(rows) == ["failed"])


async def test_a_bug_of_ours_does_not_hold_up_its_lane_for_long(
    line: SlackFixture, caplog: pytest.LogCaptureFixture
) -> None:
    ada = line.add_expert()
    await line.enqueue("no such word", ada.id)
    await line.enqueue("words", ada.id, words="next")
    async with line.run_deliverer() as deliverer:
        while states(await line.outbox()) != ["failed", "sent"]:
            line.advance_clock(seconds=40)
            deliverer.wake()
            await asyncio.sleep(0.01)
    rows = await line.outbox()
    assert rows[0].attempts == MAX_ATTEMPTS_AFTER_BUG
    assert rows[0].error == "KeyError"
    assert "could not say “no such word”" in caplog.text


async def test_what_a_process_that_died_was_saying_is_said_at_once(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.sandbox.faults.error("chat.postMessage", "internal_error")
    await line.enqueue("words", ada.id, words="Hello.")
    async with line.run_deliverer():
        await line.wait_until(lambda rows: rows[0].error is not None)
    await line.deliver_all()
    assert len(ada.messages) == 1


async def test_stopping_lets_what_is_being_said_be_finished(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.sandbox.faults.slow("chat.postMessage", 0.2)
    await line.enqueue("words", ada.id, words="Hello.")
    async with line.run_deliverer():
        await line.wait_until(lambda rows: rows[0].attempts == 1)
    assert len(ada.messages) == 1
    assert states(await line.outbox()) == ["sent"]


async def test_nothing_is_taken_after_the_stop(line: SlackFixture) -> None:
    ada = line.add_expert()
    async with line.run_deliverer() as deliverer:
        deliverer.stop()
        await line.enqueue("words", ada.id, words="too late")
        deliverer.wake()
    assert states(await line.outbox()) == ["waiting"]


async def test_what_takes_long_is_not_said_twice_though_its_hold_ran_out(
    line: SlackFixture,
) -> None:
    ada = line.add_expert()
    line.sandbox.faults.slow("chat.postMessage", 0.3)
    await line.enqueue("words", ada.id, words="Hello.")
    async with line.run_deliverer() as deliverer:
        await line.wait_until(lambda rows: rows[0].attempts == 1)
        line.advance_clock(hours=1)
        deliverer.wake()
        await line.wait_until(lambda rows: states(rows) == ["sent"])
    assert len(ada.messages) == 1
    assert line.sandbox.request_counts["chat.postMessage"] == 1


async def test_an_idle_deliverer_does_not_keep_asking_the_database(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.sandbox.faults.error("chat.postMessage", "internal_error", times=9)
    await line.enqueue("words", ada.id, words="waits")
    await line.enqueue("words", ada.id, words="waits behind it")
    looks: list[object] = []
    look = looks.append
    async with line.run_deliverer():
        await line.wait_until(lambda rows: rows[0].error is not None)
        event.listen(line.database.engine, "begin", look)
        await asyncio.sleep(0.3)
        event.remove(line.database.engine, "begin", look)
    assert len(looks) < 8


def test_every_word_has_a_way_to_be_said() -> None:
    assert all(say.__doc__ for say in MESSAGE_TYPES.values())
