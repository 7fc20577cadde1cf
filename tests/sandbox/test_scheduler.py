"""What falls due, by a clock that can be turned."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.clock import AdjustableClock
from bot.sandbox.scheduler import Scheduler

MINUTE = timedelta(minutes=1)


async def test_nothing_is_called_before_its_time_and_all_in_order() -> None:
    clock, called = AdjustableClock(), list[str]()
    timetable = Scheduler(clock)
    timetable.start()
    timetable.call_later(2 * MINUTE, lambda: called.append("second"))
    timetable.call_later(MINUTE, lambda: called.append("first"))
    timetable.call_later(timedelta(hours=9), lambda: called.append("never"))
    clock.advance(MINUTE / 2)
    await asyncio.sleep(0)
    assert called == []
    clock.advance(2 * MINUTE)
    await asyncio.sleep(0)
    assert called == ["first", "second"]
    timetable.stop()
    clock.advance(timedelta(days=1))
    await asyncio.sleep(0)
    assert called == ["first", "second"]


async def test_time_also_passes_by_itself() -> None:
    called = asyncio.Event()
    timetable = Scheduler(AdjustableClock())
    timetable.start()
    timetable.call_later(timedelta(milliseconds=5), called.set)
    async with asyncio.timeout(15):
        await called.wait()
    timetable.stop()


async def test_what_is_due_at_the_start_is_called_at_the_start() -> None:
    clock, called = AdjustableClock(), list[str]()
    timetable = Scheduler(clock)
    timetable.call_later(MINUTE, lambda: called.append("due"))
    clock.advance(2 * MINUTE)
    assert called == []
    timetable.start()
    assert called == ["due"]
    timetable.stop()


def test_a_clock_may_be_turned_after_the_loop_is_gone() -> None:
    clock = AdjustableClock()
    timetable = Scheduler(clock)

    async def start() -> None:
        timetable.start()
        timetable.call_later(MINUTE, lambda: None)

    asyncio.run(start())
    clock.advance(2 * MINUTE)
