"""The bot in a thread with its own event loop, for the synchronous demo and tests."""

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
from bot.http_server import EVENTS_PATH
from bot.settings import Settings

if sys.platform == "win32":
    from asyncio import new_event_loop
else:
    from uvloop import new_event_loop

__all__ = ["BackgroundBot", "new_event_loop"]

START_STOP_TIMEOUT_SECONDS = 30
"""Seconds to wait for a start or stop."""


class BackgroundBot:
    """A bot that runs in a background thread; a context manager."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        """Create the bot without starting it."""
        self.bot = Bot(settings, clock or WallClock())
        self._startup: Future[None] = Future()
        self._request_stop: Callable[[], None] = lambda: None
        self._thread = Thread(target=self._run, name="bot", daemon=True)

    @property
    def url(self) -> str:
        """The URL for Slack's signed requests."""
        return f"http://{self.bot.settings.host}:{self.bot.port}{EVENTS_PATH}"

    def start(self) -> None:
        """Start the bot, and return when it is listening.

        Raises:
            Exception: the error that kept it from starting.
        """
        self._thread.start()
        self._startup.result(START_STOP_TIMEOUT_SECONDS)

    def stop(self) -> None:
        """Stop the bot, and return when everything is closed."""
        self._request_stop()
        self._thread.join(START_STOP_TIMEOUT_SECONDS)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        stop_event = asyncio.Event()
        loop = asyncio.get_running_loop()

        def request_stop() -> None:
            with suppress(RuntimeError):  # the loop never started or has stopped
                loop.call_soon_threadsafe(stop_event.set)

        self._request_stop = request_stop
        try:
            await self.bot.start()
        except Exception as error:  # noqa: BLE001 - `start` raises it
            await self.bot.stop()
            self._startup.set_exception(error)
            return
        self._startup.set_result(None)
        await stop_event.wait()
        await self.bot.stop()

    def __enter__(self) -> Self:
        """Start the bot."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the bot."""
        self.stop()
