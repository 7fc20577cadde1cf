"""Tests of child processes: they end with the task that waits for them."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from bot.child_process import BACKGROUND_NICENESS, STOP_SECONDS, ChildSlots, run_in_child

NOW = datetime(2026, 3, 2, 9, 0, 0, os.getpid() % 1_000_000, tzinfo=UTC)
"""The argument of the children of this process."""

MAX_NICENESS = 19
"""The lowest priority of a process."""


def has_child() -> bool:
    """Return whether a child of this process is running."""
    return bool(child_ids())


def child_ids() -> list[int]:
    """Return the ids of the children of this process that are running."""
    argument, found = NOW.isoformat().encode(), []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # the process has ended
            if argument in path.read_bytes():
                found.append(int(path.parent.name))
    return found


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """Return a named pipe, to which the child writes when it is running."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


async def test_children_run_one_after_the_other() -> None:
    slots, order = ChildSlots(), []

    async def run(number: int) -> None:
        async with slots.take():
            order.append(number)
            await asyncio.sleep(0)
            order.append(number)

    await asyncio.gather(*(run(number) for number in range(3)))
    assert order == [0, 0, 1, 1, 2, 2]


async def test_second_child_runs_beside_one_that_takes_long_and_a_third_waits() -> None:
    slots, order = ChildSlots(second_after=0), []

    async def run(number: int) -> None:
        async with slots.take():
            order.append(number)

    async with slots.take(), slots.take():
        third = asyncio.create_task(run(3))
        await asyncio.sleep(0)
        order.append(2)
    await third
    assert order == [2, 3]


@pytest.mark.slow
async def test_canceled_child_is_killed_if_it_does_not_end(pipe: Path) -> None:
    task = asyncio.create_task(run_in_child("tests.stubborn_child", str(pipe), NOW))
    assert await asyncio.to_thread(pipe.read_bytes) == b"x"
    assert has_child()
    began = monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert monotonic() - began < STOP_SECONDS + 2
    assert not has_child()


async def test_child_gives_way_to_the_bot(pipe: Path) -> None:
    task = asyncio.create_task(run_in_child("tests.stubborn_child", str(pipe), NOW))
    assert await asyncio.to_thread(pipe.read_bytes) == b"x"
    (child,) = child_ids()
    own = os.getpriority(os.PRIO_PROCESS, 0)
    given_way = os.getpriority(os.PRIO_PROCESS, child) - own
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert given_way == min(BACKGROUND_NICENESS, MAX_NICENESS - own)


async def test_child_that_is_canceled_while_it_starts_does_not_outlive_its_task(
    pipe: Path,
) -> None:
    task = asyncio.create_task(run_in_child("tests.stubborn_child", str(pipe), NOW))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not has_child()


async def test_failed_child_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    await run_in_child("no_such_module", str(tmp_path), NOW)
    assert "no_such_module exited with status 1; its work is retried" in caplog.text
