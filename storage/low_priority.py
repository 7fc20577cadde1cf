"""Low-priority functions: a few run at a time, and they give way to writes that people wait for.

All threads of the bot share one interpreter. So a page that is read while sixteen answers wait
delays each of them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

WRITES_PER_TURN = 16
"""While writes with precedence are waiting, a low-priority function runs after so many of them."""


@dataclass(slots=True)
class LowPriorityTurns:
    """Decides when a low-priority function may begin; at most `places` run at a time."""

    places: int
    _preceding: int = 0
    _preceded: int = 0
    _running: int = 0
    _waiting: deque[asyncio.Future[None]] = field(default_factory=deque)

    @contextmanager
    def precede(self) -> Iterator[None]:
        """Have low-priority functions give way for the duration of a write."""
        self._preceding += 1
        try:
            yield
        finally:
            self._preceding -= 1
            self._preceded += 1
            self._begin_turns()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until a low-priority function may run, for its duration."""
        begin = asyncio.get_running_loop().create_future()
        self._waiting.append(begin)
        self._begin_turns()
        try:
            await begin
            yield
        finally:
            if not begin.cancelled():
                self._running -= 1
                self._begin_turns()

    def _begin_turns(self) -> None:
        while self._waiting and self._running < self.places and self._is_due():
            begin = self._waiting.popleft()
            if not begin.cancelled():
                begin.set_result(None)
                self._running += 1
                self._preceded = 0

    def _is_due(self) -> bool:
        return not self._preceding or self._preceded >= WRITES_PER_TURN
