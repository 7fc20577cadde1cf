"""The rate limits that several processes share: together they call no more than one would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, closing
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.clock import AdjustableClock
from bot.slack.client.call_budget import ProcessBudget, SharedBudget, budget_for
from bot.slack.client.rate_limiter import METHOD_LIMITS, MIN_MARGIN, LimitReachedError
from storage.database import Database
from storage.engine import POOL_SIZE
from storage.queries import slack_call_logs
from tests.services.conftest import NOW

BOTS = 3
UPDATES = METHOD_LIMITS["chat.update"][0]
CLOCK_RUNS = timedelta(seconds=5)
"""How far the clock may run on while a test counts calls."""


@pytest.fixture
async def budgets(postgresql_url: str) -> AsyncIterator[list[SharedBudget]]:
    """Return the budgets of three bots, each with its own connections, and clocks that differ."""
    with ExitStack() as stack:
        databases = [stack.enter_context(closing(Database(postgresql_url))) for _ in range(BOTS)]
        clock = AdjustableClock(NOW)
        yield [SharedBudget(database, clock, ProcessBudget(clock)) for database in databases]


async def reserve_many(budgets: list[SharedBudget], count: int, method: str) -> list[timedelta]:
    """Reserve calls of all bots at the same time, and return how long each has to wait."""
    return sorted(
        await asyncio.gather(
            *(
                budgets[number % BOTS].reserve(method, f"D{number}", None, is_update=False)
                for number in range(count)
            )
        )
    )


async def test_bots_share_the_calls_of_a_minute(budgets: list[SharedBudget]) -> None:
    waits = await reserve_many(budgets, UPDATES + 20, "chat.update")
    assert waits[:UPDATES] == [timedelta()] * UPDATES
    assert waits[UPDATES] > timedelta(minutes=1) + MIN_MARGIN - CLOCK_RUNS
    with pytest.raises(LimitReachedError):
        await budgets[0].reserve("chat.update", "D1", timedelta(seconds=2), is_update=True)


async def test_calls_of_a_minute_ago_no_longer_count(budgets: list[SharedBudget]) -> None:
    await reserve_many(budgets, UPDATES, "chat.update")
    clock = budgets[0].clock
    assert isinstance(clock, AdjustableClock)
    clock.advance(timedelta(minutes=1) + MIN_MARGIN)
    waits = await reserve_many(budgets, UPDATES, "chat.update")
    assert waits == [timedelta()] * UPDATES


async def test_channel_has_one_call_a_second_from_all_bots(budgets: list[SharedBudget]) -> None:
    waits = await asyncio.gather(
        *(budget.reserve("chat.postMessage", "D1", None, is_update=False) for budget in budgets)
    )
    first, second, third = sorted(waits)
    assert first == timedelta()
    assert second > timedelta(seconds=0.5)
    assert third - second > timedelta(seconds=1)


@pytest.mark.parametrize(("method", "is_shared"), [("chat.update", True), ("auth.test", False)])
async def test_pause_that_slack_names_holds_for_all_bots_if_the_method_has_a_limit(
    budgets: list[SharedBudget], method: str, *, is_shared: bool
) -> None:
    await budgets[0].back_off(method, 30)
    waits = [await budget.reserve(method, "D1", None, is_update=False) for budget in budgets]
    has_to_wait = [wait > timedelta(seconds=25) for wait in waits]
    assert has_to_wait == [True, is_shared, is_shared]


def test_bot_on_sqlite_counts_in_memory(sqlite_database: Database) -> None:
    assert isinstance(budget_for(sqlite_database, AdjustableClock()), ProcessBudget)


async def test_calls_that_wait_for_another_bot_leave_connections_for_answers(
    budgets: list[SharedBudget],
) -> None:
    waiting, other = budgets[:2]
    await waiting.reserve("chat.update", "D0", None, is_update=True)
    with Session(other.db.engine) as session, session.begin():
        slack_call_logs.lock(session, [("chat.update", "")])
        calls = [
            asyncio.create_task(waiting.reserve("chat.update", f"D{n}", None, is_update=True))
            for n in range(2 * POOL_SIZE)
        ]
        await asyncio.sleep(0)  # they have begun
        async with asyncio.timeout(20):
            await waiting.db.write(lambda _session: None)
        assert not any(call.done() for call in calls)
    await asyncio.gather(*calls)
