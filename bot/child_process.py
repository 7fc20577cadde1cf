"""Run a job in a child process, so that it neither delays interactions nor keeps memory in the bot.

The child reads the database URL from `DATABASE_URL` and the bot's current time from its argument.
"""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import datetime
from pathlib import Path

from bot.clock import AdjustableClock, Clock
from bot.errors import BotError
from storage.database import Database
from storage.outage import outage_cause

log = logging.getLogger(__name__)

FILE_SECONDS = 120.0
"""Seconds for a child to read the beginning of a file."""

LONG_EXPORT_SECONDS = 10.0
"""After so many seconds, the next export no longer waits for the one that runs."""

BACKGROUND_NICENESS = 10
"""How far a child gives way to the bot: where the processor is busy, answers go first."""

STOP_SECONDS = 1.0
"""Seconds for a child to end after SIGTERM."""


class ChildSlots:
    """Lets one child of a module run at a time, or a second one next to it that takes long.

    `second_after`: seconds after which a second one need not wait for the first, None for never.
    """

    def __init__(self, second_after: float | None = None) -> None:
        """Start without children."""
        self._second_after = second_after
        self._first = asyncio.Lock()
        self._second = asyncio.Lock()

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Wait until no child runs, or only one that has taken long meanwhile."""
        slot = self._first
        try:
            async with asyncio.timeout(self._second_after):
                await slot.acquire()
        except TimeoutError:
            slot = self._second
            await slot.acquire()
        try:
            yield
        finally:
            slot.release()


class ChildFailedError(BotError):
    """“{name}” could not be read. Upload it again; if that fails too, the log has the details."""


def slots_by_module() -> dict[str, ChildSlots]:
    """Return the slots of each module that the bot runs in child processes."""
    return {
        "bot.export_process": ChildSlots(LONG_EXPORT_SECONDS),
        "bot.import_process": ChildSlots(),
        "bot.agreement_process": ChildSlots(),
    }


async def run_in_child(module: str, database_url: str, now: datetime) -> None:
    """Run `python -m MODULE` in a child process and wait for it; a cancellation ends the child.

    The work of a child that fails stays pending and is retried by a later one.
    """
    start = asyncio.create_task(asyncio.to_thread(_start_child, module, database_url, now))
    try:
        child = await asyncio.shield(start)
        if await asyncio.to_thread(child.wait):
            log.error("%s exited with status %s; its work is retried", module, child.returncode)
    except asyncio.CancelledError:
        await asyncio.to_thread(_stop_child, await start)
        raise


async def run_on_file(module: str, path: Path) -> str:
    """Run `python -m MODULE PATH` in a child process, and return what it prints.

    Raises:
        ChildFailedError: it failed or took too long.
    """
    try:
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", module, str(path)],
            stdout=subprocess.PIPE,
            text=True,
            timeout=FILE_SECONDS,
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise ChildFailedError(name=path.name) from error
    return str(done.stdout)


async def run_on_input(module: str, content: bytes, seconds: float) -> bytes:
    """Run `python -m MODULE` in a child process on an input, and return what it prints.

    Raises:
        ChildFailedError: it failed or took longer than `seconds`.
    """
    try:
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", module],
            input=content,
            stdout=subprocess.PIPE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # each thread reserves memory
            timeout=seconds,
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise ChildFailedError(name=module) from error
    return bytes(done.stdout)


def _start_child(module: str, database_url: str, now: datetime) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", module, now.isoformat()],
        env={**os.environ, "DATABASE_URL": database_url},
    )
    niceness = os.getpriority(os.PRIO_PROCESS, 0) + BACKGROUND_NICENESS
    os.setpriority(os.PRIO_PROCESS, child.pid, niceness)
    return child


def _stop_child(child: subprocess.Popen[bytes]) -> None:
    """Terminate the child, and kill it if that does not help."""
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def run_child_job(job: Callable[[Database, Clock], object]) -> None:
    """Run `job` in the child process, with the database and the time that the parent passed."""
    logging.basicConfig(level=logging.WARNING)
    with closing(Database(os.environ["DATABASE_URL"])) as database:
        try:
            job(database, AdjustableClock(datetime.fromisoformat(sys.argv[1])))
        except Exception as error:
            if outage_cause(error) is None:
                raise
            raise SystemExit(1) from None  # the database has logged the cause
