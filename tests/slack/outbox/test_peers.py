"""Bots on one PostgreSQL notice at once what others queue, and what a killed one leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.messages.texts import TextMessage
from bot.services.people.personal_data import UnknownPersonError
from bot.slack.client.contacts import Contact
from bot.slack.client.delivery_lease import DeliveryLease
from bot.slack.client.rate_limiter import LimitReachedError
from bot.slack.outbox.claims import CLAIM_LEASE, MAX_CONCURRENT_DELIVERIES, Claim
from bot.slack.outbox.delivery import IDLE_POLL_SECONDS, Deliverer
from bot.slack.outbox.failures import Failures
from storage.database import Database
from storage.notifications import CHANNEL
from storage.queries import outbox, outbox_claims
from storage.queries.outbox_claims import ClaimLimits, Lease
from storage.row_id import id_of
from storage.tables import OutboxMessage, OutboxState
from storage.worker_lock import WorkerLock
from tests.slack.slack_fixture import SlackFixture, open_slack

SOON = IDLE_POLL_SECONDS / 2
"""Seconds within which only a notification can wake a bot that polls rarely."""

LONG_LEASE = timedelta(minutes=5)


@pytest.fixture
async def slack(postgresql_url: str, tmp_path: Path) -> AsyncIterator[SlackFixture]:
    """Return a workspace with a bot's database on PostgreSQL."""
    with closing(Database(postgresql_url, is_bot=True)) as database:
        async with open_slack(database, tmp_path) as opened:
            yield opened


async def wait_until_idle(deliverer: Deliverer) -> None:
    """Wait until the bot receives notifications and polls rarely."""
    async with asyncio.timeout(SOON):
        while not deliverer._peers.is_listening:  # noqa: ASYNC110, SLF001 - it has no event
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)


def queue_and_claim(session: Session, recipient: str, now: datetime, worker: str) -> None:
    """Queue a message and claim it for a worker before any bot can see it."""
    outbox.enqueue(session, TextMessage("Hello."), recipient=recipient, now=now)
    outbox_claims.claim(session, now, ClaimLimits(1, 1), Lease(LONG_LEASE, worker))


async def test_message_that_a_command_queues_wakes_a_bot(
    slack: SlackFixture, postgresql_url: str
) -> None:
    ada = slack.add_expert()
    async with slack.run_deliverer() as deliverer:
        await wait_until_idle(deliverer)
        with closing(Database(postgresql_url)) as command:
            await command.write(
                outbox.enqueue, TextMessage("Hello."), recipient=ada.id, now=slack.now
            )
        async with asyncio.timeout(SOON):
            await slack.wait_until(lambda rows: rows[0].state == "sent")


async def test_running_bot_delivers_what_a_killed_one_had_claimed(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    async with slack.run_deliverer() as deliverer:
        with closing(WorkerLock(slack.database.engine)) as lock:
            await wait_until_idle(deliverer)
            await slack.database.write(queue_and_claim, ada.id, slack.now, lock.id)
            await asyncio.sleep(1.2)  # it looks twice at the locks
            (row,) = await slack.outbox()
            assert (row.state, row.worker) == ("waiting", lock.id)
        async with asyncio.timeout(SOON):
            await slack.wait_until(lambda rows: rows[0].state == "sent")


@pytest.mark.parametrize(
    "error",
    [
        None,
        UnknownPersonError(person="U1"),
        TimeoutError(),
        LimitReachedError("chat.postMessage", timedelta(minutes=1)),
        SlackApiError("no", {"error": "missing_scope"}),  # type: ignore[no-untyped-call]  # the SDK has no types here
    ],
    ids=["sent", "failed", "rescheduled", "returned", "held"],
)
async def test_outcome_of_a_frozen_bot_does_not_replace_that_of_the_bot_that_took_over(
    slack: SlackFixture, error: Exception | None
) -> None:
    ada = slack.add_expert()
    write, limits = slack.database.write, ClaimLimits(1, 1)
    await slack.enqueue(TextMessage("Hello."), ada.id)
    (frozen,) = await write(outbox_claims.claim, slack.now, limits, Lease(CLAIM_LEASE, "1"))
    slack.advance_clock(seconds=7)
    (taken,) = await write(outbox_claims.claim, slack.now, limits, Lease(CLAIM_LEASE, "2"))
    row_id = id_of(taken)
    assert await write(outbox.record_outcome, row_id, OutboxState.SENT, slack.now, worker="2")
    before = (await slack.outbox())[0].model_dump()
    slack.advance_clock(seconds=1)
    follow_ups: list[Session] = []
    if error is None:
        deliverer = Deliverer(slack.sender)
        await deliverer._mark_sent(frozen, follow_ups.append, Contact(has_posted=True))  # noqa: SLF001 - after it was frozen
    else:
        await Failures(slack.sender).record(frozen, error)
    await write(outbox_claims.renew_leases, [row_id], slack.now + LONG_LEASE, "1")
    assert (await slack.outbox())[0].model_dump() == before
    assert follow_ups == []


async def test_busy_bot_notifies_the_others(slack: SlackFixture, postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url, autocommit=True) as other:
        other.execute(f"LISTEN {CHANNEL}")
        async with slack.run_deliverer() as deliverer:
            await wait_until_idle(deliverer)
            places = range(-MAX_CONCURRENT_DELIVERIES, 0)
            rows = [OutboxMessage(id=n, message_type="text", recipient="U1") for n in places]
            claims = {id_of(row): Claim(row, DeliveryLease()) for row in rows}
            deliverer._claims.in_flight.update(claims)  # noqa: SLF001 - as if deliveries took long
            deliverer.wake()
            notifications = await asyncio.to_thread(
                lambda: list(other.notifies(timeout=SOON, stop_after=1))
            )
            deliverer._claims.in_flight.clear()  # noqa: SLF001 - see above
    assert len(notifications) == 1
