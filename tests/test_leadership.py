"""Of several bots on one PostgreSQL, exactly one runs the scheduled jobs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.leadership import LEASE_SECONDS, RENEWAL_SECONDS, Leadership
from bot.process_lock import ProcessLock
from storage.database import FROZEN_TRANSACTION_SECONDS, Database

TAKEOVER_SECONDS = 30
"""Longest time without a leader."""


@pytest.fixture
async def bots(postgresql_url: str) -> AsyncIterator[list[Leadership]]:
    """Return three bots, each with its own connections."""
    async with AsyncExitStack() as stack:
        created = []
        for _ in range(3):
            lock = ProcessLock(stack.enter_context(closing(Database(postgresql_url, is_bot=True))))
            stack.push_async_callback(lock.close)
            created.append(Leadership(lock))
        yield created


async def renew_all(bots: list[Leadership]) -> list[bool]:
    """Let each bot renew its lease or try to take over; return which are leaders."""
    for bot in bots:
        await bot.renew()
    return [bot.is_held for bot in bots]


async def test_first_bot_leads_as_long_as_it_renews_its_lease(bots: list[Leadership]) -> None:
    for _ in range(3):
        assert await renew_all(bots) == [True, False, False]


async def test_another_bot_takes_over_as_soon_as_the_process_of_the_leader_has_ended(
    bots: list[Leadership],
) -> None:
    await renew_all(bots)
    await bots[0].lock.close()
    assert await renew_all(bots[1:]) == [True, False]


async def test_another_bot_takes_over_from_a_frozen_leader_when_its_lease_expires(
    bots: list[Leadership],
) -> None:
    def expire(session: Session) -> None:
        statement = "UPDATE leader SET expires_at = clock_timestamp() - interval '1 ms'"
        session.connection().execute(text(statement))

    await renew_all(bots)
    await bots[0].lock.db.write(expire)
    assert await renew_all(bots[1:]) == [True, False]
    assert await renew_all(bots) == [False, True, False]


async def test_bot_that_stops_hands_over_at_once(bots: list[Leadership]) -> None:
    await renew_all(bots)
    await bots[0].give_up()
    assert not bots[0].is_held
    assert await renew_all(bots[1:]) == [True, False]


async def test_bot_without_a_lease_does_not_lead(bots: list[Leadership]) -> None:
    assert not bots[0].is_held
    await bots[0].give_up()
    assert await renew_all(bots[1:]) == [True, False]


def test_takeover_is_in_time_with_every_frozen_transaction() -> None:
    slowest = max(LEASE_SECONDS, FROZEN_TRANSACTION_SECONDS) + RENEWAL_SECONDS
    assert slowest + 5 < TAKEOVER_SECONDS  # and the next tick
    assert RENEWAL_SECONDS < LEASE_SECONDS / 3


async def test_only_bot_on_sqlite_is_the_leader(sqlite_database: Database) -> None:
    leadership = Leadership(ProcessLock(sqlite_database))
    await leadership.renew()
    await leadership.give_up()
    assert leadership.is_held
