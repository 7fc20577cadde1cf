"""What falls due, by a clock that can be turned."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.clock import TurnableClock
from bot.sandbox.timetable import Timetable

MINUTE = timedelta(minutes=1)


async def test_nothing_is_called_before_its_time_and_all_in_order() -> None:
    clock, called = TurnableClock(), list[str]()
    timetable = Timetable(clock)
    timetable.start()
    timetable.later(2 * MINUTE, lambda: called.append("second"))
    timetable.later(MINUTE, lambda: called.append("first"))
    timetable.later(timedelta(hours=9), lambda: called.append("never"))
    clock.turn(MINUTE / 2)
    await asyncio.sleep(0)
    assert called == []
    clock.turn(2 * MINUTE)
    await asyncio.sleep(0)
    assert called == ["first", "second"]
    timetable.stop()
    clock.turn(timedelta(days=1))
    await asyncio.sleep(0)
    assert called == ["first", "second"]


async def test_time_also_passes_by_itself() -> None:
    called = asyncio.Event()
    timetable = Timetable(TurnableClock())
    timetable.start()
    timetable.later(timedelta(milliseconds=5), called.set)
    async with asyncio.timeout(15):
        await called.wait()
    timetable.stop()


async def test_what_is_due_at_the_start_is_called_at_the_start() -> None:
    clock, called = TurnableClock(), list[str]()
    timetable = Timetable(clock)
    timetable.later(MINUTE, lambda: called.append("due"))
    clock.turn(2 * MINUTE)
    assert called == []
    timetable.start()
    assert called == ["due"]
    timetable.stop()


def test_a_clock_may_be_turned_after_the_loop_is_gone() -> None:
    clock = TurnableClock()
    timetable = Timetable(clock)

    async def start() -> None:
        timetable.start()
        timetable.later(MINUTE, lambda: None)

    asyncio.run(start())
    clock.turn(2 * MINUTE)
