"""Scheduled callbacks on the sandbox's adjustable clock."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from .clock import Clock


class Scheduler:
    """Calls functions on the event loop when the clock reaches their time."""

    def __init__(self, clock: Clock) -> None:
        """Schedule by `clock`; nothing is called before `start`."""
        self._clock = clock
        self._queue: list[tuple[datetime, int, Callable[[], None]]] = []
        self._sequence = count()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Start running due callbacks; must be called on the event loop."""
        self._loop = asyncio.get_running_loop()
        self._clock.on_advance(self._on_clock_advanced)
        self._run_due()

    def stop(self) -> None:
        """Stop running callbacks."""
        self._loop = None
        if self._timer:
            self._timer.cancel()

    def call_later(self, delay: timedelta, callback: Callable[[], None]) -> None:
        """Call `callback` when `delay` has passed by the clock."""
        heapq.heappush(self._queue, (self._clock.now() + delay, next(self._sequence), callback))
        self._run_due()

    def _on_clock_advanced(self) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._run_due)

    def _run_due(self) -> None:
        if self._loop is None:
            return
        while self._queue and self._queue[0][0] <= self._clock.now():
            heapq.heappop(self._queue)[2]()
        self._set_timer(self._loop)

    def _set_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._queue:
            wait = (self._queue[0][0] - self._clock.now()).total_seconds()
            self._timer = loop.call_later(max(wait, 0.001), self._run_due)
