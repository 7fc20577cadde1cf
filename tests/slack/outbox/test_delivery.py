"""Delivery: once, in order, within rate limits, and no recipient waits for another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import event

from bot.messages.queued_message import Priority, QueuedMessage, Recipient
from bot.messages.tasks import TaskPageMessage
from bot.messages.texts import TextMessage
from bot.slack.client.error_codes import ERROR_KINDS, PERMANENT_KINDS
from bot.slack.outbox.claims import CLAIM_LEASE, MAX_CONCURRENT_DELIVERIES
from bot.slack.outbox.failures import GIVE_UP_AFTER, MAX_ATTEMPTS_AFTER_BUG
from bot.slack.outbox.messages import MESSAGE_TYPES
from bot.slack.outbox.probe import Probe
from storage.queries import outbox
from storage.row_id import id_of
from storage.tables import OutboxMessage
from tests.slack.slack_fixture import SlackFixture


def states(rows: list[OutboxMessage]) -> list[str]:
    """Return the state of each message."""
    return [row.state for row in rows]


def has_error(code: str) -> Callable[[list[OutboxMessage]], bool]:
    """Return a condition: the last error of the first message is this one."""
    return lambda rows: rows[0].error == code


async def test_queued_message_is_sent_once_and_recorded(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    await slack.enqueue(TextMessage("Hello."), ada.id)
    await slack.deliver_all()
    await slack.deliver_all()
    assert [message.plain_text for message in ada.messages] == ["Hello."]
    (row,) = await slack.outbox()
    assert (row.state, row.attempts, row.error) == ("sent", 1, None)
    assert row.sent_at is not None


async def test_messages_to_a_recipient_are_sent_in_order(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    for number in range(8):
        await slack.enqueue(TextMessage(f"{number}"), ada.id)
    await slack.deliver_all()
    assert [message.plain_text for message in ada.messages] == [str(number) for number in range(8)]


async def test_more_recipients_than_slots_all_get_their_messages(slack: SlackFixture) -> None:
    people = [
        slack.add_expert(f"expert{number}") for number in range(MAX_CONCURRENT_DELIVERIES + 5)
    ]
    for person in people:
        await slack.enqueue(TextMessage("Hello."), person.id)
    await slack.deliver_all()
    assert all(len(person.messages) == 1 for person in people)


async def test_waiting_recipient_keeps_its_order_and_blocks_no_other(slack: SlackFixture) -> None:
    ada, grace = slack.add_expert("ada"), slack.add_expert("grace")
    slack.sandbox.faults.error("chat.postMessage", "fatal_error")
    await slack.enqueue(TextMessage("first"), ada.id)
    async with slack.run_deliverer() as deliverer:
        await slack.wait_until(lambda rows: rows[0].error == "fatal_error")
        await slack.enqueue(TextMessage("second"), ada.id)
        await slack.enqueue(TextMessage("other"), grace.id)
        deliverer.wake()
        rows = await slack.wait_until(lambda rows: rows[2].state == "sent")
        assert states(rows) == ["waiting", "waiting", "sent"]
        slack.advance_clock(seconds=2)
        deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["sent"] * 3)
    assert [message.plain_text for message in ada.messages] == ["first", "second"]


async def test_each_retry_waits_twice_as_long(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    errors = ("internal_error", "fatal_error", "request_timeout", "service_unavailable")
    for error in errors:
        slack.sandbox.faults.error("chat.postMessage", error)
    await slack.enqueue(TextMessage("Hello."), ada.id)
    ratios = set()
    async with slack.run_deliverer() as deliverer:
        for error, expected in zip(errors, (1, 2, 4, 8), strict=True):
            # The clock runs: the attempt failed between these two times.
            earliest = slack.now
            (row,) = await slack.wait_until(has_error(error))
            latest = slack.now
            assert row.due_at - earliest >= timedelta(seconds=0.75 * expected)
            assert row.due_at - latest <= timedelta(seconds=1.25 * expected)
            ratios.add((row.due_at - latest) / expected)
            slack.advance_clock(seconds=60)
            deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["sent"])
    assert len(ratios) == len(errors)
    assert len(ada.messages) == 1


async def test_rate_limited_message_waits_as_long_as_slack_says(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.sandbox.faults.ratelimit("chat.postMessage", retry_after=30)
    await slack.enqueue(TextMessage("Hello."), ada.id)
    earliest = slack.now
    async with slack.run_deliverer() as deliverer:
        (row,) = await slack.wait_until(lambda rows: rows[0].error == "ratelimited")
        assert row.due_at >= earliest + timedelta(seconds=30)
        assert row.due_at <= slack.now + timedelta(seconds=30)
        slack.advance_clock(seconds=31)
        deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["sent"])


async def test_permanent_error_fails_at_once_and_the_next_message_is_sent(
    slack: SlackFixture,
) -> None:
    codes = [code for code, kind in ERROR_KINDS.items() if kind in PERMANENT_KINDS]
    codes.append("invalid_novelty")
    ada = slack.add_expert()
    for code in codes:
        slack.sandbox.faults.error("chat.postMessage", code)
        await slack.enqueue(TextMessage("never"), ada.id)
    await slack.enqueue(TextMessage("next"), ada.id)
    await slack.deliver_all()
    *failed, last = await slack.outbox()
    assert [(row.state, row.attempts, row.error) for row in failed] == [
        ("failed", 1, code) for code in codes
    ]
    assert last.state == "sent"
    assert [message.plain_text for message in ada.messages] == ["next"]


async def test_message_fails_after_a_day_of_errors(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.sandbox.faults.error("chat.postMessage", "internal_error", times=2)
    await slack.enqueue(TextMessage("yesterday"), ada.id)
    async with slack.run_deliverer() as deliverer:
        await slack.wait_until(lambda rows: rows[0].error == "internal_error")
        slack.clock.advance(GIVE_UP_AFTER)
        deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["failed"])


class UnknownMessage(QueuedMessage):
    """A message of a type that this release does not know."""

    message_type = "unknown_type"
    recipient = Recipient.ADDRESSEE
    priority = Priority.NEWS


async def test_bug_does_not_block_its_recipient_for_long(
    slack: SlackFixture, caplog: pytest.LogCaptureFixture
) -> None:
    ada = slack.add_expert()
    await slack.enqueue(UnknownMessage(), ada.id)
    await slack.enqueue(TextMessage("next"), ada.id)
    async with slack.run_deliverer() as deliverer:
        while states(await slack.outbox()) != ["failed", "sent"]:
            slack.advance_clock(seconds=40)
            deliverer.wake()
            await asyncio.sleep(0.01)
    rows = await slack.outbox()
    assert rows[0].attempts == MAX_ATTEMPTS_AFTER_BUG
    assert rows[0].error == "PayloadError"
    assert "could not deliver “unknown_type”" in caplog.text


async def test_message_of_a_stopped_process_is_sent_at_once(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.sandbox.faults.error("chat.postMessage", "internal_error")
    await slack.enqueue(TextMessage("Hello."), ada.id)
    async with slack.run_deliverer():
        await slack.wait_until(lambda rows: rows[0].error is not None)
    await slack.deliver_all()
    assert len(ada.messages) == 1


async def test_stop_finishes_in_flight_messages(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.sandbox.faults.slow("chat.postMessage", 0.2)
    await slack.enqueue(TextMessage("Hello."), ada.id)
    async with slack.run_deliverer():
        await slack.wait_until(lambda rows: rows[0].attempts == 1)
    assert len(ada.messages) == 1
    assert states(await slack.outbox()) == ["sent"]


async def test_stopped_deliverer_claims_nothing(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    async with slack.run_deliverer() as deliverer:
        deliverer.stop()
        await slack.enqueue(TextMessage("too late"), ada.id)
        deliverer.wake()
    assert states(await slack.outbox()) == ["waiting"]


async def test_slow_message_is_not_sent_twice_after_its_claim_expired(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    slack.sandbox.faults.slow("chat.postMessage", 0.3)
    await slack.enqueue(TextMessage("Hello."), ada.id)
    async with slack.run_deliverer() as deliverer:
        await slack.wait_until(lambda rows: rows[0].attempts == 1)
        slack.advance_clock(hours=1)
        deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["sent"])
    assert len(ada.messages) == 1
    assert slack.sandbox.request_counts["chat.postMessage"] == 1


async def test_idle_deliverer_rarely_queries_the_database(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.sandbox.faults.error("chat.postMessage", "internal_error", times=9)
    await slack.enqueue(TextMessage("waits"), ada.id)
    await slack.enqueue(TextMessage("waits too"), ada.id)
    transactions: list[object] = []
    record = transactions.append
    async with slack.run_deliverer():
        await slack.wait_until(lambda rows: rows[0].error is not None)
        event.listen(slack.database.engine, "begin", record)
        await asyncio.sleep(0.3)
        event.remove(slack.database.engine, "begin", record)
    assert len(transactions) < 8


def test_every_message_type_is_documented() -> None:
    assert all(deliver.__doc__ for deliver in MESSAGE_TYPES.values())


async def test_lease_is_renewed_until_slack_has_responded(slack: SlackFixture) -> None:
    may_respond = asyncio.Event()

    async def respond(_request: web.Request) -> web.Response:
        await may_respond.wait()
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_post("/", respond)
    ada = slack.add_expert()
    slack.create_campaign(ada)
    async with TestServer(app) as server, slack.run_deliverer() as deliverer:
        message = TaskPageMessage(None, ada.dm, "1.2")
        await slack.enqueue(message, ada.id, str(server.make_url("/")))
        deliverer.wake()
        await slack.wait_until(lambda rows: rows[0].attempts == 1)
        for _ in range(3):
            slack.clock.advance(CLAIM_LEASE * 0.9)
            deliverer.wake()
            await slack.wait_until(lambda rows: rows[0].due_at > slack.now + CLAIM_LEASE / 2)
        may_respond.set()
        (row,) = await slack.wait_until(lambda rows: rows[0].state == "sent")
    assert row.attempts == 1


async def test_messages_that_waited_are_due_when_another_call_ends_the_outage(
    slack: SlackFixture,
) -> None:
    await slack.enqueue(TextMessage("1"), slack.add_expert("ada").id)
    (row,) = await slack.outbox()
    until = slack.now + timedelta(minutes=5)
    await slack.database.write(outbox.reschedule, id_of(row), until, "TimeoutError")
    slack.sender.sending_status.record_no_answer("TimeoutError", slack.now)
    probe = Probe(slack.sender)
    slack.sandbox.faults.fail("auth.test")
    await probe.ask()
    await slack.sender.call("users.info", {"user": row.recipient})
    probe.reset()
    assert probe.is_needed
    assert probe.seconds_until_due() == 0
    await probe.ask()
    (row,) = await slack.outbox()
    assert row.due_at < until
    assert not probe.is_needed
