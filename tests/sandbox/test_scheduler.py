"""Scheduled callbacks on an adjustable clock."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.sandbox.clock import AdjustableClock
from bot.sandbox.scheduler import Scheduler

MINUTE = timedelta(minutes=1)


async def test_due_callbacks_run_in_order() -> None:
    clock, called = AdjustableClock(), list[str]()
    scheduler = Scheduler(clock)
    scheduler.start()
    scheduler.call_later(2 * MINUTE, lambda: called.append("second"))
    scheduler.call_later(MINUTE, lambda: called.append("first"))
    scheduler.call_later(timedelta(hours=9), lambda: called.append("never"))
    clock.advance(MINUTE / 2)
    await asyncio.sleep(0)
    assert called == []
    clock.advance(2 * MINUTE)
    await asyncio.sleep(0)
    assert called == ["first", "second"]
    scheduler.stop()
    clock.advance(timedelta(days=1))
    await asyncio.sleep(0)
    assert called == ["first", "second"]


async def test_callbacks_run_as_real_time_passes() -> None:
    called = asyncio.Event()
    scheduler = Scheduler(AdjustableClock())
    scheduler.start()
    scheduler.call_later(timedelta(milliseconds=5), called.set)
    async with asyncio.timeout(15):
        await called.wait()
    scheduler.stop()


async def test_start_runs_due_callbacks() -> None:
    clock, called = AdjustableClock(), list[str]()
    scheduler = Scheduler(clock)
    scheduler.call_later(MINUTE, lambda: called.append("due"))
    clock.advance(2 * MINUTE)
    assert called == []
    scheduler.start()
    assert called == ["due"]
    scheduler.stop()


def test_clock_can_advance_after_the_loop_is_closed() -> None:
    clock = AdjustableClock()
    scheduler = Scheduler(clock)

    async def start() -> None:
        scheduler.start()
        scheduler.call_later(MINUTE, lambda: None)

    asyncio.run(start())
    clock.advance(2 * MINUTE)
