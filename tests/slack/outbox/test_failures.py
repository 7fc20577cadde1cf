"""Failed deliveries: failures of the app stop or hold messages, refusals delay nothing else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.messages.exports import ExportResultMessage
from bot.messages.tasks import SupersededMessage
from bot.messages.texts import TextInPlaceMessage, TextMessage
from bot.slack.client.call_budget import ProcessBudget
from bot.slack.client.error_codes import ERROR_KINDS, ErrorKind, codes_of_kind, kind_of_code
from bot.slack.client.rate_limiter import BURST_SHARE, METHOD_LIMITS
from bot.slack.outbox.claims import MAX_CONCURRENT_DELIVERIES, MAX_CONCURRENT_UPDATES
from bot.slack.outbox.failures import (
    MAX_ATTEMPTS_AFTER_BUG,
    MAX_ATTEMPTS_AFTER_DATA_ERROR,
    UPDATE_LIFETIME,
)
from storage.tables import OutboxMessage
from tests.slack.slack_fixture import SlackFixture

MANY_TIMES = 1_000


def states(rows: list[OutboxMessage]) -> list[str]:
    """Return the state of each message."""
    return [row.state for row in rows]


async def advance_until(
    slack: SlackFixture, condition: Callable[[list[OutboxMessage]], bool], seconds: float = 5
) -> list[OutboxMessage]:
    """Deliver and advance the clock until the outbox meets a condition; return its rows."""
    async with slack.run_deliverer() as deliverer, asyncio.timeout(20):
        while not condition(rows := await slack.outbox()):
            slack.advance_clock(seconds=seconds)
            deliverer.wake()
            await asyncio.sleep(0.01)
    return rows


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(codes_of_kind(ErrorKind.APP)))
async def test_failure_of_the_app_stops_sending_until_it_passes(
    slack: SlackFixture, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    ada, grace = slack.add_expert("ada"), slack.add_expert("grace")
    slack.sandbox.faults.error("*", code, times=MANY_TIMES)
    for person in (ada, grace):
        for number in range(3):
            await slack.enqueue(TextMessage(f"{number}"), person.id)
    async with slack.run_deliverer() as deliverer:
        async with asyncio.timeout(10):
            while slack.sandbox.request_counts["auth.test"] < 5:
                slack.advance_clock(seconds=61)
                deliverer.wake()
                await asyncio.sleep(0.01)
        rows = await slack.outbox()
        assert states(rows) == ["waiting"] * 6
        assert [(row.attempts, row.error) for row in rows] == [(0, None)] * 6
        status = slack.sender.sending_status
        assert (status.stopped_by, status.is_blocked) == (code, True)
        slack.sandbox.faults.clear()
        slack.advance_clock(seconds=100)
        deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["sent"] * 6)
    assert not slack.sender.sending_status.is_blocked
    for person in (ada, grace):
        assert [message.plain_text for message in person.messages] == ["0", "1", "2"]
    assert caplog.text.count(f"Slack refuses the app: {code}") == 1


async def test_failure_of_one_method_is_no_endless_loop(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.sandbox.faults.error("chat.postMessage", "invalid_auth", times=MANY_TIMES)
    await slack.enqueue(TextMessage("Hello."), ada.id)
    async with slack.run_deliverer():
        await slack.wait_until(lambda _: slack.sender.sending_status.stopped_by is not None)
        await asyncio.sleep(0.3)
    assert slack.sandbox.request_counts["chat.postMessage"] <= 3
    assert states(await slack.outbox()) == ["waiting"]


async def test_missing_scope_holds_only_what_needs_it(
    slack: SlackFixture, caplog: pytest.LogCaptureFixture
) -> None:
    ada = slack.add_expert()
    channel, ts = ada.dm, await slack.sender.post(ada.dm, "x", [])
    slack.sandbox.faults.error("chat.update", "missing_scope", times=2)
    for _ in range(2):
        await slack.enqueue(TextInPlaceMessage("update", channel, ts), ada.id)
    await slack.enqueue(TextMessage("next"), ada.id)
    async with slack.run_deliverer() as deliverer:
        rows = await slack.wait_until(lambda rows: rows[2].state == "sent")
        assert states(rows) == ["held", "held", "sent"]
        assert list(slack.sender.sending_status.missing_scopes) == ["chat.update"]
        slack.advance_clock(seconds=16)
        deliverer.wake()
        rows = await slack.wait_until(lambda rows: states(rows) == ["sent"] * 3)
    assert [row.attempts for row in rows] == [1, 1, 1]
    assert slack.sender.sending_status.missing_scopes == {}
    assert caplog.text.count("messages that need it are held") == 1


async def test_message_held_while_another_is_accepted_is_sent(slack: SlackFixture) -> None:
    """The scope was granted between the two calls: nothing else asks Slack again."""
    ada, grace = slack.add_expert("ada"), slack.add_expert("grace")
    slack.sandbox.faults.error("conversations.open", "missing_scope")
    await slack.enqueue(TextMessage("first"), ada.id)
    async with slack.run_deliverer() as deliverer:
        await slack.wait_until(lambda rows: states(rows) == ["held"])
        await slack.enqueue(TextMessage("second"), grace.id)
        deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["held", "sent"])
        slack.advance_clock(seconds=16)
        deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["sent", "sent"])
    assert [message.plain_text for message in ada.messages] == ["first"]


async def test_scope_that_slack_grants_but_still_refuses_is_logged_once(
    slack: SlackFixture, caplog: pytest.LogCaptureFixture
) -> None:
    """The app may have one of the scopes that Slack names, but not the one for this channel."""
    ada = slack.add_expert()
    slack.sandbox.faults.error("chat.postMessage", "missing_scope", times=3)
    await slack.enqueue(TextMessage("Hello."), ada.id)
    async with slack.run_deliverer() as deliverer:
        for count in (1, 2, 3):
            await slack.wait_until(
                lambda rows, count=count: (  # type: ignore[misc] # the type of a default is unknown
                    slack.sandbox.request_counts["chat.postMessage"] == count
                    and states(rows) == ["held"]
                )
            )
            slack.advance_clock(seconds=16)
            deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["sent"])
    assert caplog.text.count("messages that need it are held") == 1
    assert caplog.text.count("chat.postMessage works again") == 1


async def test_held_messages_are_queued_again_at_start(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.sandbox.faults.error("chat.postMessage", "missing_scope")
    await slack.enqueue(TextMessage("Hello."), ada.id)
    async with slack.run_deliverer():
        await slack.wait_until(lambda rows: states(rows) == ["held"])
    async with slack.run_deliverer():
        await slack.wait_until(lambda rows: states(rows) == ["sent"])


async def test_unknown_code_fails_after_a_few_attempts(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    assert kind_of_code("novelty") == ErrorKind.UNKNOWN
    slack.sandbox.faults.error("chat.postMessage", "novelty", times=MAX_ATTEMPTS_AFTER_BUG)
    await slack.enqueue(TextMessage("never"), ada.id)
    await slack.enqueue(TextMessage("next"), ada.id)
    rows = await advance_until(slack, lambda rows: states(rows) == ["failed", "sent"], 40)
    assert (rows[0].attempts, rows[0].error) == (MAX_ATTEMPTS_AFTER_BUG, "novelty")


async def test_answer_that_is_no_json_is_retried(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    for status in (200, 404, 503):
        slack.sandbox.faults.fail("chat.postMessage", status)
    await slack.enqueue(TextMessage("Hello."), ada.id)
    await advance_until(slack, lambda rows: states(rows) == ["sent"])
    assert len(ada.messages) == 1


async def test_slack_that_is_down_is_reported_once_and_asked_until_it_answers(
    slack: SlackFixture, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    people = [slack.add_expert(f"expert{number}") for number in range(5)]
    slack.sandbox.faults.fail("*", 503, times=MANY_TIMES)
    for person in people:
        await slack.enqueue(TextMessage("Hello."), person.id)
    async with slack.run_deliverer() as deliverer:
        async with asyncio.timeout(10):
            while slack.sandbox.request_counts["auth.test"] < 4:
                slack.advance_clock(seconds=61)
                deliverer.wake()
                await asyncio.sleep(0.01)
        assert slack.sender.sending_status.unreachable_since is not None
        slack.sandbox.faults.clear()
        slack.advance_clock(seconds=76)
        deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["sent"] * 5)
    assert slack.sender.sending_status.unreachable_since is None
    assert caplog.text.count("Slack does not answer") == 1
    assert "Traceback" not in caplog.text


async def test_database_error_of_one_message_does_not_block_its_recipient(
    slack: SlackFixture, caplog: pytest.LogCaptureFixture
) -> None:
    ada = slack.add_expert()
    await slack.enqueue(ExportResultMessage(404), ada.id)
    for number in range(3):
        await slack.enqueue(TextMessage(f"{number}", is_reply=True), ada.id)
    rows = await advance_until(slack, lambda rows: "waiting" not in states(rows))
    assert states(rows) == ["failed", "sent", "sent", "sent"]
    assert (rows[0].attempts, rows[0].error) == (MAX_ATTEMPTS_AFTER_DATA_ERROR, "NoResultFound")
    assert caplog.text.count("Traceback") == 1


async def test_updates_leave_room_for_awaited_messages_and_are_dropped_under_load(
    slack: SlackFixture,
) -> None:
    slack.sender.budget = ProcessBudget(slack.clock)
    ada = slack.add_expert()
    maximum, _ = METHOD_LIMITS["chat.update"]
    burst = round(maximum * BURST_SHARE)
    for number in range(maximum + 10):
        await slack.enqueue(SupersededMessage("D1", f"1.{number}"), ada.id)
    slack.sandbox.faults.error("chat.update", "message_not_found", times=MANY_TIMES)
    async with slack.run_deliverer() as deliverer:
        await slack.wait_until(lambda rows: states(rows).count("sent") >= burst)
        wait = await slack.sender.budget.reserve("chat.update", "D1", None, is_update=False)
        assert wait == timedelta()
        await slack.enqueue(TextMessage("awaited", is_reply=True), ada.id)
        deliverer.wake()
        await slack.wait_until(lambda rows: rows[-1].state == "sent")
        slack.clock.advance(UPDATE_LIFETIME)
        deliverer.wake()
        rows = await slack.wait_until(lambda rows: "waiting" not in states(rows))
    assert states(rows).count("dropped") > 0
    assert burst <= slack.sandbox.request_counts["chat.update"] < maximum
    assert [message.plain_text for message in ada.messages] == ["awaited"]


async def test_update_that_could_be_sent_only_after_its_lifetime_is_dropped_at_once(
    slack: SlackFixture,
) -> None:
    slack.sender.budget = ProcessBudget(slack.clock)
    await slack.sender.budget.back_off("chat.update", UPDATE_LIFETIME.total_seconds() + 1)
    ada = slack.add_expert()
    await slack.enqueue(SupersededMessage(ada.dm, "1.1"), ada.id)
    async with slack.run_deliverer():
        (row,) = await slack.wait_until(lambda rows: "waiting" not in states(rows))
    assert row.state == "dropped"
    assert slack.sandbox.request_counts["chat.update"] == 0


async def test_awaited_message_goes_before_news_and_news_before_updates(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    await slack.enqueue(SupersededMessage(ada.dm, "1.1"), ada.id)
    await slack.enqueue(TextMessage("news"), ada.id)
    for number in range(3):
        await slack.enqueue(TextMessage(f"awaited {number}", is_reply=True), ada.id)
    await slack.deliver_all()
    texts = [message.plain_text for message in ada.messages]
    assert texts == ["awaited 0", "awaited 1", "awaited 2", "news"]
    methods = [call.kind for call in slack.sandbox.traffic if str(call.kind).startswith("chat.")]
    assert methods == ["chat.postMessage"] * 4 + ["chat.update"]


async def test_awaited_message_does_not_wait_for_an_update(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.sandbox.faults.slow("chat.update", 0.5)
    await slack.enqueue(SupersededMessage(ada.dm, "1.1"), ada.id)
    async with slack.run_deliverer() as deliverer:
        await slack.wait_until(lambda rows: rows[0].attempts == 1)
        await slack.enqueue(TextMessage("awaited", is_reply=True), ada.id)
        deliverer.wake()
        rows = await slack.wait_until(lambda rows: rows[1].state == "sent")
        assert rows[0].state == "waiting"


async def test_people_wait_for_no_more_than_a_few_slow_updates(slack: SlackFixture) -> None:
    people = [slack.add_expert(f"expert{number}") for number in range(MAX_CONCURRENT_DELIVERIES)]
    slack.sandbox.faults.slow("chat.update", 0.5, times=MANY_TIMES)
    for person in people:
        await slack.enqueue(SupersededMessage(person.dm, "1.1"), person.id)
    async with slack.run_deliverer():
        rows = await slack.wait_until(lambda rows: any(row.attempts for row in rows))
        assert sum(row.attempts for row in rows) <= MAX_CONCURRENT_UPDATES


async def test_missed_updates_of_one_message_merge(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    for ts in ("1.1", "1.2", "1.1", "1.2", "1.1"):
        await slack.enqueue(SupersededMessage(ada.dm, ts), ada.id)
    await slack.deliver_all()
    assert slack.sandbox.request_counts["chat.update"] == 2


def test_each_code_has_one_kind() -> None:
    assert all(isinstance(kind, ErrorKind) for kind in ERROR_KINDS.values())
    assert kind_of_code("") == ErrorKind.TRANSIENT
    assert kind_of_code("invalid_novelty") == ErrorKind.MESSAGE
