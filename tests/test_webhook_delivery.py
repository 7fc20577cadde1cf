"""Deliveries to receivers that are honest, stalled, slow and lying. Nothing is lost or blocked."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from standardwebhooks.webhooks import Webhook as OfficialWebhook

from bot.clock import AdjustableClock
from bot.process_lock import ProcessLock
from bot.services.webhooks import deliveries, webhooks
from bot.webhook_delivery import SendingRules, WebhookDeliverer
from storage.database import Database
from storage.tables import OutboxMessage
from tests.conftest import empty_tables
from tests.services.conftest import NOW, Scenario, pair
from tests.services.webhooks.conftest import Webhooks
from tests.webhooks import raw_receiver
from tests.webhooks.raw_receiver import Behavior, RawReceiver, answer, answer_status

ADA, COORDINATOR = "U0ADA", "U0CORA"

OK = answer_status(204)


@dataclass
class Deliveries:
    """A campaign whose answers are events, and bots that send them to receivers."""

    scenario: Scenario
    log: Webhooks
    clock: AdjustableClock
    stack: AsyncExitStack
    allows_private: bool = True
    timeout_seconds: float = 30
    bots: list[WebhookDeliverer] = field(default_factory=list)

    def bot(self) -> WebhookDeliverer:
        """Start a bot's delivery."""
        rules = SendingRules(self.allows_private, (COORDINATOR,), self.timeout_seconds)
        lock = ProcessLock(self.scenario.database)
        self.stack.push_async_callback(lock.close)
        bot = WebhookDeliverer(self.scenario.database, self.clock, lock, rules)
        self.bots.append(bot)
        return bot

    async def receiver(self, name: str, behavior: Behavior) -> RawReceiver:
        """Start a receiver and add a webhook for it."""
        receiver = RawReceiver(behavior)
        url = await self.stack.enter_async_context(receiver.serve())
        self.log.add(name, url, events=("answer.stored",))
        return receiver

    def answer_items(self, count: int = 1) -> None:
        """Cause an event with each of some answers."""
        first = self.scenario.count("item")
        self.scenario.import_rows("tone", [pair(first + number) for number in range(count)])
        self.scenario.now = self.clock.now()
        self.scenario.answer_all(ADA, verdict="a")

    async def deliver(self, **later: float) -> None:
        """Advance the clock, and let the first bot send what is due."""
        self.clock.advance(timedelta(**later))
        await (self.bots or [self.bot()])[0].deliver_due()

    def states(self) -> list[str]:
        """Return the states of all deliveries."""
        return [row.state for row in self.log.rows()]

    def webhook(self, name: str) -> webhooks.WebhookStatus:
        """Return a webhook with the counts of its log."""
        found = self.scenario.database.read_now(webhooks.list_webhooks)
        return next(one for one in found if one.name == name)

    def reports(self) -> list[str]:
        """Return the texts that are queued for coordinators."""
        rows = self.scenario.rows(OutboxMessage)
        return [row.payload["text"] for row in rows if row.recipient == COORDINATOR]


async def start(scenario: Scenario) -> AsyncIterator[Deliveries]:
    """Yield deliveries of a campaign with one expert."""
    scenario.create_campaign(overlap=1, experts=[ADA])
    async with AsyncExitStack() as stack:
        yield Deliveries(scenario, Webhooks(scenario), AdjustableClock(NOW), stack)


@pytest.fixture
async def events(sqlite_database: Database, tmp_path: Path) -> AsyncIterator[Deliveries]:
    """Return deliveries on SQLite."""
    sqlite_database.write_now(empty_tables)
    async for one in start(Scenario(sqlite_database, tmp_path)):
        yield one


@pytest.fixture
async def shared_events(postgresql_url: str, tmp_path: Path) -> AsyncIterator[Deliveries]:
    """Return deliveries on PostgreSQL, where several bots may run."""
    with closing(Database(postgresql_url)) as database:
        async for one in start(Scenario(database, tmp_path)):
            yield one


async def test_receiver_gets_a_signed_event(events: Deliveries) -> None:
    receiver = RawReceiver(OK)
    url = await events.stack.enter_async_context(receiver.serve())
    created = events.log.add("loop", url, events=("answer.stored",))
    events.answer_items()
    await events.deliver()
    request, body = receiver.requests[0], receiver.requests[0].partition(b"\r\n\r\n")[2]
    event = orjson.loads(body)
    assert (event["type"], event["version"]) == ("answer.stored", 1)
    assert event["data"]["answer"]["item"] == "pair-0"
    sent_at = datetime.fromtimestamp(int(header(request, "webhook-timestamp")), UTC)
    assert sent_at - NOW < timedelta(minutes=1)
    official = OfficialWebhook(created.secret)
    expected = official.sign(header(request, "webhook-id"), sent_at, body.decode())
    assert header(request, "webhook-signature") == expected
    assert events.states() == ["delivered"]


def header(request: bytes, name: str) -> str:
    """Return a header of a request."""
    lines = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    return next(line for line in lines if line.lower().startswith(name)).partition(": ")[2]


LIARS: dict[str, tuple[Behavior, int]] = {
    "claims more than it sends": (answer("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"), 200),
    "accepts and resets": (answer("HTTP/1.1 202 Accepted\r\n\r\n"), 202),
    "sends an endless body": (raw_receiver.send_endless_body, 200),
}


@pytest.mark.parametrize(("behavior", "status"), LIARS.values(), ids=LIARS)
async def test_what_follows_a_success_is_not_read(
    events: Deliveries, behavior: Behavior, status: int
) -> None:
    receiver = await events.receiver("liar", behavior)
    events.answer_items()
    await events.deliver()
    assert len(receiver.requests) == 1
    (row,) = events.log.rows()
    assert (row.state, row.status) == ("delivered", status)


FAILURES: dict[str, tuple[Behavior, str]] = {
    "stalled": (raw_receiver.stall, "did not answer within"),
    "endless headers": (raw_receiver.drip_headers, "did not answer within"),
    "resets": (answer(""), "cannot be reached"),
    "no HTTP": (answer("220 mail ready\r\n"), "cannot be reached"),
    "endless line": (answer("HTTP/1.1 200 " + "x" * 200_000), "cannot be reached"),
    "error": (answer_status(500), "status 500"),
    "redirect": (
        answer_status(307, "Location: http://169.254.169.254/latest/meta-data/"),
        "redirects are not followed",
    ),
    "unknown secret": (answer_status(401), "compare the secret"),
}


@pytest.mark.parametrize(("behavior", "reason"), FAILURES.values(), ids=FAILURES)
async def test_failure_is_recorded_and_tried_again(
    events: Deliveries, behavior: Behavior, reason: str
) -> None:
    receiver = await events.receiver("broken", behavior)
    events.answer_items()
    if "did not answer" in reason:
        events.timeout_seconds = 0.2
    await events.deliver()
    events.bots[0].rules = SendingRules(allows_private=True)
    (row,) = events.log.rows()
    assert (row.state, row.attempts) == ("waiting", 1)
    assert reason in (row.error or "")
    receiver.behavior = OK
    await events.deliver(seconds=1)
    assert events.states() == ["waiting"], "tried too early"
    await events.deliver(seconds=10)
    assert events.states() == ["delivered"]
    ids = {header(request, "webhook-id") for request in receiver.requests}
    assert ids == {row.event_id}
    assert events.webhook("broken").failures == 0


async def test_invalid_certificate_is_refused_with_its_reason(events: Deliveries) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).parent / "webhooks" / "self_signed.pem")
    receiver = RawReceiver(OK)
    url = await events.stack.enter_async_context(receiver.serve(context))
    events.log.add("tls", url, events=("answer.stored",))
    events.answer_items()
    await events.deliver()
    (row,) = events.log.rows()
    assert "certificate is not valid" in (row.error or "")
    assert receiver.requests == []


async def test_private_address_gets_nothing_unless_allowed(events: Deliveries) -> None:
    receiver = await events.receiver("private", OK)
    events.allows_private = False
    events.answer_items()
    await events.deliver()
    assert receiver.requests == []
    assert events.states() == ["waiting"]
    assert "https://" in (events.log.rows()[0].error or "")


async def test_stalled_and_failing_receivers_delay_no_other(events: Deliveries) -> None:
    stalled = await events.receiver("stalled", raw_receiver.stall)
    await events.receiver("failing", answer_status(503))
    good = await events.receiver("good", OK)
    events.answer_items(8)
    bot = events.bot()
    run = asyncio.create_task(bot.run())
    await good.wait_for(8)
    assert len(stalled.requests) == 4, "more requests than allowed, or fewer"
    assert events.webhook("failing").waiting == 8
    stalled.behavior = OK
    bot.stop()
    async with asyncio.timeout(10):
        await run
    await WebhookDeliverer(bot.db, bot.clock, bot.lock, bot.rules).deliver_due()
    assert events.webhook("stalled").delivered >= 4, "a restart sends what was in progress"


async def test_receiver_says_when_to_try_again(events: Deliveries) -> None:
    receiver = await events.receiver("busy", answer_status(429, "Retry-After: 600"))
    events.answer_items(2)
    await events.deliver()
    receiver.behavior = OK
    await events.deliver(minutes=9)
    assert events.states() == ["waiting"] * 2
    await events.deliver(minutes=2)
    await events.deliver()
    assert events.states() == ["delivered"] * 2


@pytest.mark.parametrize("value", ["soon", "-5", "99999999999", "Mon, 99 Foo", "٣", ""])
async def test_unreadable_retry_after_changes_nothing_for_long(
    events: Deliveries, value: str
) -> None:
    receiver = await events.receiver("busy", answer_status(503, f"Retry-After: {value}"))
    events.answer_items()
    await events.deliver()
    receiver.behavior = OK
    await events.deliver(hours=1, minutes=1)
    assert events.states() == ["delivered"]


async def test_failing_webhook_is_tried_with_one_event_at_a_time(events: Deliveries) -> None:
    receiver = await events.receiver("broken", answer_status(500))
    events.answer_items(6)
    await events.deliver()
    assert len(receiver.requests) == 4
    await events.deliver(minutes=2)
    assert len(receiver.requests) == 5
    receiver.behavior = OK
    for _ in range(3):
        await events.deliver(minutes=2)
    assert events.states() == ["delivered"] * 6


async def test_event_is_given_up_after_a_day_reported_and_replayed(events: Deliveries) -> None:
    receiver = await events.receiver("broken", answer_status(500))
    events.answer_items()
    for _ in range(7):
        await events.deliver(hours=4)
    assert events.states() == ["failed"]
    assert len(receiver.requests) == 6
    (report,) = events.reports()
    assert "status 500" in report
    events.answer_items()
    for _ in range(7):
        await events.deliver(hours=4)
    assert len(events.reports()) == 1, "reported again"
    receiver.behavior = OK
    actor = events.scenario.actor
    queued = events.scenario.database.write_now(deliveries.replay, "broken", None, actor)
    assert len(queued) == 2
    await events.deliver(minutes=2)
    await events.deliver()
    assert events.states() == ["delivered"] * 2
    with pytest.raises(deliveries.NothingToReplayError):
        events.scenario.database.write_now(deliveries.replay, "broken", None, actor)


async def test_webhook_that_fails_for_days_is_disabled_until_enabled(events: Deliveries) -> None:
    receiver = await events.receiver("broken", answer_status(500))
    for _ in range(6):
        events.answer_items()
        for _ in range(2):
            await events.deliver(hours=12)
    assert "all attempts of 5 days failed" in (events.webhook("broken").disabled_reason or "")
    assert len(events.reports()) == 2
    assert set(events.states()) == {"failed"}
    count = len(events.log.rows())
    events.answer_items()
    assert len(events.log.rows()) == count, "a disabled webhook gets no event"
    receiver.behavior = OK
    actor = events.scenario.actor
    assert events.scenario.database.write_now(webhooks.enable_webhook, "broken", actor)
    events.answer_items()
    await events.deliver()
    assert events.states()[-1] == "delivered"


async def test_receiver_that_is_gone_is_disabled_and_reported(events: Deliveries) -> None:
    await events.receiver("gone", answer_status(410))
    events.answer_items(6)
    await events.deliver()
    assert set(events.states()) == {"failed"}
    (report,) = events.reports()
    assert "status 410" in report
    assert "labelbot webhooks enable gone" in report


async def test_removed_webhook_ends_what_is_in_progress(events: Deliveries) -> None:
    may_answer = asyncio.Event()
    receiver = await events.receiver("slow", raw_receiver.answer_after(may_answer))
    events.answer_items()
    task = asyncio.create_task(events.deliver())
    await receiver.wait_for(1)
    actor = events.scenario.actor
    await events.scenario.database.write(webhooks.remove_webhook, "slow", actor)
    may_answer.set()
    await task
    assert events.scenario.count("webhook_delivery") == 0
    assert events.reports() == []


async def test_clock_that_was_ahead_delays_nothing(events: Deliveries) -> None:
    receiver = await events.receiver("broken", answer_status(500))
    events.answer_items()
    await events.deliver()
    await events.deliver(hours=20)
    receiver.behavior = OK
    events.clock = AdjustableClock(NOW)
    events.bots[0].clock = events.clock
    await events.deliver()
    assert events.states() == ["delivered"]


async def test_two_bots_send_each_event_once(shared_events: Deliveries) -> None:
    receiver = await shared_events.receiver("good", OK)
    shared_events.answer_items(12)
    bots = [shared_events.bot(), shared_events.bot()]
    for _ in range(4):
        await asyncio.gather(*(bot.deliver_due() for bot in bots))
    ids = [header(request, "webhook-id") for request in receiver.requests]
    assert len(ids) == len(set(ids)) == 12
    assert len({row.worker for row in shared_events.log.rows()}) == 2


async def test_bot_takes_over_what_an_ended_one_had_claimed(shared_events: Deliveries) -> None:
    receiver = await shared_events.receiver("good", raw_receiver.stall)
    shared_events.answer_items()
    killed = asyncio.create_task(shared_events.bot().deliver_due())
    await receiver.wait_for(1)
    receiver.behavior = OK
    other = shared_events.bot()
    assert await other.deliver_due() == 0, "it is still being sent"
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    await shared_events.bots[0].lock.close()
    shared_events.clock.advance(timedelta(seconds=3))
    assert await other.deliver_due() == 1
    assert shared_events.states() == ["delivered"]
