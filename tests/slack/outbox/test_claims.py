"""Leases of claimed messages are renewed as long as they are held, and never after that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from math import inf
from pathlib import Path
from time import monotonic

from bot.messages.texts import TextMessage
from bot.process_lock import ProcessLock
from bot.slack.outbox.claims import CLAIM_LEASE, Claims
from storage.database import Database
from storage.queries.outbox_claims import ClaimLimits
from storage.row_id import id_of
from tests.slack.slack_fixture import SlackFixture, open_slack

FULL_LEASE = CLAIM_LEASE.total_seconds()


@asynccontextmanager
async def claims_of(slack: SlackFixture) -> AsyncIterator[Claims]:
    """Return two claims of a bot, of messages to two people."""
    for name in ("ada", "grace"):
        await slack.enqueue(TextMessage("Hello."), slack.add_expert(name).id)
    lock = ProcessLock(slack.database)
    try:
        await lock.keep()
        claims = Claims(slack.database, slack.clock, lock)
        assert len(await claims.add(ClaimLimits(16, 4))) == 2
        yield claims
    finally:
        await lock.close()


async def test_only_a_lease_that_is_held_is_renewed(postgresql_url: str, tmp_path: Path) -> None:
    with closing(Database(postgresql_url, is_bot=True)) as database:
        async with open_slack(database, tmp_path) as slack, claims_of(slack) as claims:
            frozen, held = claims.in_flight.values()
            assert frozen.lease.is_held
            frozen.lease.expires_at = expired_at = monotonic()
            held.lease.expires_at -= FULL_LEASE / 3
            slack.advance_clock(seconds=FULL_LEASE / 3)
            began_at = monotonic()
            await claims.renew()
            ends = {id_of(row): row.leased_until or slack.now for row in await slack.outbox()}
    assert frozen.lease.expires_at == expired_at
    assert held.lease.expires_at >= began_at + FULL_LEASE
    difference = ends[id_of(held.row)] - ends[id_of(frozen.row)]
    assert difference >= timedelta(seconds=FULL_LEASE / 3)


async def test_only_bot_on_sqlite_keeps_its_claims(slack: SlackFixture) -> None:
    async with claims_of(slack) as claims:
        await claims.renew()
        assert [claim.lease.expires_at for claim in claims.in_flight.values()] == [inf, inf]
