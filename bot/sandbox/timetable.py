"""What falls due later, by a clock that can be turned."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from bot.clock import Clock


class Timetable:
    """Calls functions on the event loop when the pretend clock reaches their time."""

    def __init__(self, clock: Clock) -> None:
        """Watch `clock`; nothing is called before `start`."""
        self._clock = clock
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to call what falls due; to be called on the loop."""
        self._loop = asyncio.get_running_loop()
        self._clock.on_turn(self._turned)
        self._run()

    def stop(self) -> None:
        """Call nothing any more."""
        self._loop = None
        if self._timer:
            self._timer.cancel()

    def later(self, after: timedelta, call: Callable[[], None]) -> None:
        """Call `call` when `after` has passed by the clock."""
        heapq.heappush(self._due, (self._clock.now() + after, next(self._order), call))
        self._run()

    def _turned(self) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._run)

    def _run(self) -> None:
        if self._loop is None:
            return
        while self._due and self._due[0][0] <= self._clock.now():
            heapq.heappop(self._due)[2]()
        self._set_timer(self._loop)

    def _set_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._due:
            wait = (self._due[0][0] - self._clock.now()).total_seconds()
            self._timer = loop.call_later(max(wait, 0.001), self._run)
