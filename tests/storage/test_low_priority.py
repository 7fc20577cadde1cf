"""Low-priority functions run a few at a time, and give way to writes that people wait for."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from storage.low_priority import WRITES_PER_TURN, LowPriorityTurns


@dataclass
class Work:
    """Low-priority functions that wait for their turn, and run until they are canceled."""

    turns: LowPriorityTurns
    running: list[int] = field(default_factory=list)
    begun: list[int] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        """Start another function, and let it begin or wait."""
        self.submit()
        await settle()

    def submit(self) -> None:
        """Start another function, soon."""
        self.tasks.append(asyncio.create_task(self._run(len(self.tasks))))

    async def end(self, number: int) -> None:
        """Cancel a function, whether it runs or waits."""
        self.tasks[number].cancel()
        await settle()

    async def _run(self, number: int) -> None:
        with suppress(asyncio.CancelledError):
            async with self.turns.turn():
                self.running.append(number)
                self.begun.append(number)
                try:
                    await asyncio.Event().wait()
                finally:
                    self.running.remove(number)


async def settle() -> None:
    """Let all tasks run until they wait."""
    for _ in range(4):
        await asyncio.sleep(0)


async def test_as_many_run_as_there_are_places_in_the_order_they_came() -> None:
    work = Work(LowPriorityTurns(places=2))
    for _ in range(4):
        await work.start()
    assert work.running == [0, 1]
    await work.end(1)
    assert work.running == [0, 2]
    await work.end(0)
    assert work.begun == [0, 1, 2, 3]


async def test_nothing_begins_while_a_write_is_waiting() -> None:
    work = Work(LowPriorityTurns(places=2))
    with work.turns.precede():
        await work.start()
        assert not work.running
    await settle()
    assert work.running == [0]


async def test_one_begins_after_some_writes_if_there_is_always_one_waiting() -> None:
    work = Work(LowPriorityTurns(places=8))
    with work.turns.precede():
        await work.start()
        await work.start()
        counts = []
        for _ in range(2 * WRITES_PER_TURN):
            with work.turns.precede():
                pass
            await settle()
            counts.append(len(work.begun))
    half = WRITES_PER_TURN - 1
    assert counts == [0] * half + [1] * WRITES_PER_TURN + [2]


async def test_failed_write_no_longer_precedes() -> None:
    work = Work(LowPriorityTurns(places=1))
    with suppress(ValueError), work.turns.precede():
        await work.start()
        raise ValueError
    await settle()
    assert work.running == [0]


STEPS = st.lists(st.sampled_from(["start", "end", "precede", "written", "settle"]), max_size=60)


@given(STEPS, st.integers(1, 3), st.randoms(use_true_random=False))
def test_no_place_is_lost_or_added(steps: list[str], places: int, random: Random) -> None:
    asyncio.run(_check_places(steps, places, random))


async def _check_places(steps: list[str], places: int, random: Random) -> None:
    work = Work(LowPriorityTurns(places))
    writes: list[ExitStack] = []
    for step in steps:
        left = [number for number, task in enumerate(work.tasks) if not task.done()]
        if step == "start":
            work.submit()
        elif step == "end" and left:
            work.tasks[random.choice(left)].cancel()
        elif step == "precede":
            writes.append(ExitStack())
            writes[-1].enter_context(work.turns.precede())
        elif step == "written" and writes:
            writes.pop().close()
        elif step == "settle":
            await settle()
        assert len(work.running) <= places
    for write in writes:
        write.close()
    await settle()
    left_count = sum(not task.done() for task in work.tasks)
    assert len(work.running) == min(places, left_count)
    for task in work.tasks:
        task.cancel()
    await settle()
    assert not work.running
