"""The bot in a thread with a loop of its own: for the demo and for tests, which are plain code."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from types import TracebackType
from typing import Self

from bot.app import Bot
from bot.clock import Clock, WallClock
from bot.settings import Settings
from bot.web import PATH

if sys.platform == "win32":
    from asyncio import new_event_loop
else:
    from uvloop import new_event_loop

__all__ = ["HostedBot", "new_event_loop"]

PATIENCE = 30
"""Seconds to wait for a start or stop."""


class HostedBot:
    """A bot that runs beside the code that made it, as a context manager."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        """Prepare; nothing runs before `start`."""
        self.bot = Bot(settings, clock or WallClock())
        self._started: Future[None] = Future()
        self._stopping: Callable[[], None] = lambda: None
        self._thread = Thread(target=self._run, name="bot", daemon=True)

    @property
    def url(self) -> str:
        """Where Slack's signed requests go."""
        return f"http://{self.bot.settings.host}:{self.bot.port}{PATH}"

    def start(self) -> None:
        """Start, and return when the bot listens.

        Raises:
            Exception: whatever kept it from starting.
        """
        self._thread.start()
        self._started.result(PATIENCE)

    def stop(self) -> None:
        """Stop, and return when all is closed."""
        self._stopping()
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(self._live())

    async def _live(self) -> None:
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()

        def stop_from_anywhere() -> None:
            with suppress(RuntimeError):  # the loop is closed: it never started, or has stopped
                loop.call_soon_threadsafe(stopped.set)

        self._stopping = stop_from_anywhere
        try:
            await self.bot.start()
        except Exception as error:  # noqa: BLE001 - it is raised in `start`
            await self.bot.stop()
            self._started.set_exception(error)
            return
        self._started.set_result(None)
        await stopped.wait()
        await self.bot.stop()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()
