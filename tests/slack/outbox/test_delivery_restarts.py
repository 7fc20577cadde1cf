"""Delivery after processes have ended, locks were lost, or clocks were set back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from bot.clock import AdjustableClock
from bot.messages.texts import TextMessage
from bot.slack.outbox.claims import CLAIM_LEASE
from bot.slack.outbox.probe import Probe
from storage.database import Database
from storage.queries import outbox, outbox_claims
from storage.queries.outbox_claims import ClaimLimits, Lease
from storage.queries.workers import live_workers
from storage.worker_lock import WorkerLock
from tests.conftest import END_LOCKS
from tests.slack.outbox.test_delivery import has_error, states
from tests.slack.slack_fixture import SlackFixture, open_slack

ENDED_WORKER = Lease(CLAIM_LEASE, "17")
"""A claim by a process that has ended: nobody holds this lock."""


@pytest.fixture
async def postgresql_slack(postgresql_url: str, tmp_path: Path) -> AsyncIterator[SlackFixture]:
    """Return a workspace with a bot's database on PostgreSQL."""
    with closing(Database(postgresql_url)) as database:
        async with open_slack(database, tmp_path) as opened:
            yield opened


@pytest.fixture
async def slack_on_each_database(database: Database, tmp_path: Path) -> AsyncIterator[SlackFixture]:
    """Return a workspace with a bot's database: SQLite, then PostgreSQL."""
    async with open_slack(database, tmp_path) as opened:
        yield opened


async def test_message_does_not_wait_for_the_time_that_a_clock_set_back_repeats(
    slack_on_each_database: SlackFixture,
) -> None:
    slack = slack_on_each_database
    ada = slack.add_expert()
    slack.sandbox.faults.error("chat.postMessage", "internal_error")
    await slack.enqueue(TextMessage("Hello."), ada.id)
    right_time = slack.now
    slack.advance_clock(hours=2)
    async with slack.run_deliverer() as deliverer:
        await slack.wait_until(has_error("internal_error"))
        deliverer.sender.clock = AdjustableClock(right_time)
        deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["sent"])


async def test_claim_and_due_time_of_a_clock_set_back_while_no_bot_runs_end_soon(
    slack_on_each_database: SlackFixture,
) -> None:
    slack = slack_on_each_database
    ada, grace = slack.add_expert("ada"), slack.add_expert("grace")
    for person in (ada, grace):
        await slack.enqueue(TextMessage("Hello."), person.id)
    later = slack.now + timedelta(hours=2)
    await slack.sender.db.write(outbox.return_to_queue, 2, later)
    await slack.sender.db.write(
        outbox_claims.claim, later - timedelta(hours=1), ClaimLimits(1, 1), Lease(CLAIM_LEASE)
    )
    async with slack.run_deliverer() as deliverer:
        await slack.wait_until(lambda rows: rows[1].state == "sent")
        slack.advance_clock(seconds=7)
        deliverer.wake()
        await slack.wait_until(lambda rows: states(rows) == ["sent"] * 2)


async def test_start_delivers_what_a_process_that_has_ended_had_claimed(
    slack_on_each_database: SlackFixture,
) -> None:
    slack = slack_on_each_database
    ada = slack.add_expert()
    await slack.enqueue(TextMessage("Hello."), ada.id)
    await slack.database.write(outbox_claims.claim, slack.now, ClaimLimits(1, 1), ENDED_WORKER)
    await slack.deliver_all()  # the clock stands still, so that the lease does not expire
    assert [message.plain_text for message in ada.messages] == ["Hello."]


async def test_start_leaves_the_claims_of_running_processes(postgresql_slack: SlackFixture) -> None:
    slack = postgresql_slack
    ada, grace = slack.add_expert("ada"), slack.add_expert("grace")
    await slack.enqueue(TextMessage("Hello."), ada.id)
    with closing(WorkerLock(slack.database.engine)) as lock:
        lease = Lease(CLAIM_LEASE, lock.id)
        await slack.database.write(outbox_claims.claim, slack.now, ClaimLimits(1, 1), lease)
        await slack.enqueue(TextMessage("Hello."), grace.id)
        async with slack.run_deliverer():
            rows = await slack.wait_until(lambda rows: rows[1].state == "sent")
    assert states(rows) == ["waiting", "sent"]
    assert rows[0].leased_until is not None
    assert rows[1].worker not in (None, lock.id)


async def test_lost_lock_is_acquired_again_before_claims_are_renewed(
    postgresql_slack: SlackFixture, postgresql_url: str
) -> None:
    slack = postgresql_slack
    ada = slack.add_expert()
    async with slack.run_deliverer() as deliverer:
        await slack.enqueue(TextMessage("Hello."), ada.id)
        deliverer.wake()
        (row,) = await slack.wait_until(lambda rows: rows[0].state == "sent")
        with psycopg.connect(postgresql_url, autocommit=True) as connection:
            connection.execute(END_LOCKS)
        slack.advance_clock(seconds=3)
        deliverer.wake()
        await slack.enqueue(TextMessage("Hello again."), ada.id)
        deliverer.wake()
        await slack.wait_until(lambda rows: rows[1].state == "sent")
        assert await slack.database.read(live_workers) == {row.worker}
    assert await slack.database.read(live_workers) == set()


async def test_clock_set_back_does_not_delay_the_question_whether_slack_accepts_the_app(
    slack: SlackFixture,
) -> None:
    slack.sender.sending_status.record_refusal("chat.postMessage", "token_revoked", "", slack.now)
    probe = Probe(slack.sender)
    slack.sandbox.faults.error("auth.test", "token_revoked")
    await probe.ask()
    assert 0 < probe.seconds_until_due() < 2
    slack.sender.clock = AdjustableClock(slack.now - timedelta(hours=2))
    assert 0 < probe.seconds_until_due() < 2
