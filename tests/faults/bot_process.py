"""The bot in a process of its own, which can be killed."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import signal
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self

from bot.app import Bot
from bot.background_bot import new_event_loop
from bot.clock import AdjustableClock
from bot.settings import Settings

FORK_SERVER = multiprocessing.get_context("forkserver")
"""Starts processes from one that has imported the bot: a hundred starts a minute, not twenty."""

FORK_SERVER.set_forkserver_preload([__name__])

STOP_SECONDS = 15
"""Longest time that a bot takes to stop."""


class BotProcess:
    """A bot in a process of its own; a context manager that kills it at the end."""

    def __init__(self, settings: Settings, clock_offset: timedelta, port: int) -> None:
        """Start the process; `has_started` tells when the bot runs.

        Its clock runs with an offset to the system clock, which is the same after each restart.
        """
        self._connection, sender = FORK_SERVER.Pipe(duplex=False)
        own_settings = settings.model_copy(update={"port": port})
        self.process: BaseProcess = FORK_SERVER.Process(
            target=_run, args=(own_settings, clock_offset, sender), daemon=True
        )
        self.process.start()
        sender.close()

    def has_started(self, within: float) -> bool:
        """Wait until the bot runs; tell whether it does."""
        try:
            return self._connection.poll(within) and self._connection.recv() is None
        except EOFError:
            return False

    def kill(self) -> None:
        """Kill the process with SIGKILL, and wait until it is gone."""
        self.process.kill()
        self.process.join()

    def stop(self) -> None:
        """Stop the bot with SIGTERM.

        Raises:
            AssertionError: It takes too long.
        """
        self.process.terminate()
        self.process.join(STOP_SECONDS)
        is_alive = self.process.is_alive()
        if is_alive:
            self.kill()
        assert not is_alive, "the bot does not stop after SIGTERM"

    def __enter__(self) -> Self:
        """Return the running process."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Kill the process if it still runs."""
        self.kill()


def _run(settings: Settings, clock_offset: timedelta, started: Connection) -> None:
    logging.basicConfig(level=logging.ERROR)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_serve(settings, clock_offset, started))


async def _serve(settings: Settings, clock_offset: timedelta, started: Connection) -> None:
    stop_requested = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop_requested.set)
    bot = Bot(settings, AdjustableClock(datetime.now(UTC) + clock_offset))
    try:
        await bot.start()
        started.send(None)
        await stop_requested.wait()
    finally:
        await bot.stop()
