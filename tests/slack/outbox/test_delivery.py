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


async def test_what_is_queued_is_said_once_and_written_down(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    await slack.enqueue("text", ada.id, text="Hello.")
    await slack.deliver_all()
    await slack.deliver_all()
    assert [message.plain_text for message in ada.messages] == ["Hello."]
    (row,) = await slack.outbox()
    assert (row.state, row.attempts, row.error) == ("sent", 1, None)
    assert row.sent_at is not None


async def test_a_lane_is_said_in_order(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    for number in range(8):
        await slack.enqueue("text", ada.id, text=f"{number}")
    await slack.deliver_all()
    assert [message.plain_text for message in ada.messages] == [str(number) for number in range(8)]


async def test_more_lanes_than_are_served_at_once_are_all_served(slack: SlackFixture) -> None:
    people = [
        slack.add_expert(f"expert{number}") for number in range(MAX_CONCURRENT_DELIVERIES + 5)
    ]
    for person in people:
        await slack.enqueue("text", person.id, text="Hello.")
    await slack.deliver_all()
    assert all(len(person.messages) == 1 for person in people)


async def test_a_lane_that_waits_keeps_its_order_and_holds_up_no_other(slack: SlackFixture) -> None:
    ada, grace = slack.add_expert("ada"), slack.add_expert("grace")
    slack.sandbox.faults.error("chat.postMessage", "fatal_error")
    await slack.enqueue("text", ada.id, text="first")
    async with slack.run_deliverer() as deliverer:
        await slack.wait_until(lambda rows: rows[0].error == "fatal_error")
        await slack.enqueue("text", ada.id, text="second")
        await slack.enqueue("text", grace.id, text="hers")
        deliverer.wake()
        rows = await slack.wait_until(lambda rows: rows[2].state == "sent")
        assert states(rows) == ["waiting", "waiting", "sent"]
        slack.advance_clock(seconds=2)
        deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["sent"] * 3)
    assert [message.plain_text for message in ada.messages] == ["first", "second"]


async def test_each_try_waits_twice_as_long_until_slack_takes_it(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    troubles = ("internal_error", "fatal_error", "request_timeout", "service_unavailable")
    for trouble in troubles:
        slack.sandbox.faults.error("chat.postMessage", trouble)
    await slack.enqueue("text", ada.id, text="Hello.")
    waits = []
    async with slack.run_deliverer() as deliverer:
        for trouble in troubles:
            (row,) = await slack.wait_until(failed_with(trouble))
            waits.append(round((row.due_at - slack.now).total_seconds()))
            slack.clock.advance_to(row.due_at)
            deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["sent"])
    assert waits == [1, 2, 4, 8]
    assert len(ada.messages) == 1


async def test_a_rate_limit_is_waited_out_as_long_as_slack_says(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.sandbox.faults.ratelimit("chat.postMessage", retry_after=30)
    await slack.enqueue("text", ada.id, text="Hello.")
    async with slack.run_deliverer() as deliverer:
        (row,) = await slack.wait_until(lambda rows: rows[0].error == "ratelimited")
        assert 28 < (row.due_at - slack.now).total_seconds() <= 30
        slack.advance_clock(seconds=31)
        deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["sent"])


@pytest.mark.parametrize(
    "word", ["account_inactive", "channel_not_found", "user_disabled", "invalid_blocks"]
)
async def test_what_slack_will_never_take_is_given_up_at_once_and_the_next_is_said(
    slack: SlackFixture, word: str
) -> None:
    ada = slack.add_expert()
    slack.sandbox.faults.error("chat.postMessage", word)
    await slack.enqueue("text", ada.id, text="never")
    await slack.enqueue("text", ada.id, text="next")
    await slack.deliver_all()
    rows = await slack.outbox()
    assert states(rows) == ["failed", "sent"]
    assert (rows[0].attempts, rows[0].error) == (1, word)
    assert [message.plain_text for message in ada.messages] == ["next"]


async def test_what_slack_did_not_take_for_a_day_is_given_up(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.sandbox.faults.error("chat.postMessage", "internal_error", times=2)
    await slack.enqueue("text", ada.id, text="yesterday")
    async with slack.run_deliverer() as deliverer:
        await slack.wait_until(lambda rows: rows[0].error == "internal_error")
        slack.clock.advance(GIVE_UP_AFTER)
        deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["failed"])


async def test_a_bug_of_ours_does_not_hold_up_its_lane_for_long(
    slack: SlackFixture, caplog: pytest.LogCaptureFixture
) -> None:
    ada = slack.add_expert()
    await slack.enqueue("no such word", ada.id)
    await slack.enqueue("text", ada.id, text="next")
    async with slack.run_deliverer() as deliverer:
        while states(await slack.outbox()) != ["failed", "sent"]:
            slack.advance_clock(seconds=40)
            deliverer.wake()
            await asyncio.sleep(0.01)
    rows = await slack.outbox()
    assert rows[0].attempts == MAX_ATTEMPTS_AFTER_BUG
    assert rows[0].error == "KeyError"
    assert "could not say “no such word”" in caplog.text


async def test_what_a_process_that_died_was_saying_is_said_at_once(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.sandbox.faults.error("chat.postMessage", "internal_error")
    await slack.enqueue("text", ada.id, text="Hello.")
    async with slack.run_deliverer():
        await slack.wait_until(lambda rows: rows[0].error is not None)
    await slack.deliver_all()
    assert len(ada.messages) == 1


async def test_stopping_lets_what_is_being_said_be_finished(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.sandbox.faults.slow("chat.postMessage", 0.2)
    await slack.enqueue("text", ada.id, text="Hello.")
    async with slack.run_deliverer():
        await slack.wait_until(lambda rows: rows[0].attempts == 1)
    assert len(ada.messages) == 1
    assert states(await slack.outbox()) == ["sent"]


async def test_nothing_is_taken_after_the_stop(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    async with slack.run_deliverer() as deliverer:
        deliverer.stop()
        await slack.enqueue("text", ada.id, text="too late")
        deliverer.wake()
    assert states(await slack.outbox()) == ["waiting"]


async def test_what_takes_long_is_not_said_twice_though_its_hold_ran_out(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    slack.sandbox.faults.slow("chat.postMessage", 0.3)
    await slack.enqueue("text", ada.id, text="Hello.")
    async with slack.run_deliverer() as deliverer:
        await slack.wait_until(lambda rows: rows[0].attempts == 1)
        slack.advance_clock(hours=1)
        deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["sent"])
    assert len(ada.messages) == 1
    assert slack.sandbox.request_counts["chat.postMessage"] == 1


async def test_an_idle_deliverer_does_not_keep_asking_the_database(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.sandbox.faults.error("chat.postMessage", "internal_error", times=9)
    await slack.enqueue("text", ada.id, text="waits")
    await slack.enqueue("text", ada.id, text="waits behind it")
    looks: list[object] = []
    look = looks.append
    async with slack.run_deliverer():
        await slack.wait_until(lambda rows: rows[0].error is not None)
        event.listen(slack.database.engine, "begin", look)
        await asyncio.sleep(0.3)
        event.remove(slack.database.engine, "begin", look)
    assert len(looks) < 8


def test_every_word_has_a_way_to_be_said() -> None:
    assert all(say.__doc__ for say in MESSAGE_TYPES.values())
