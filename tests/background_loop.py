"""An event loop on a thread of its own, for servers that tests without a loop call."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar

from bot.background_bot import new_event_loop

Result = TypeVar("Result")

TIMEOUT_SECONDS = 30

ITERATIONS_TO_START = 5
"""Iterations of a loop in which an accepted connection gets its transport, protocol and task."""


class BackgroundLoop:
    """A running event loop. `stack` has what must be closed with it.

    It is that of uvloop, as in the bot: asyncio's servers of Python 3.11 leave a connection open
    that they accepted just before they closed.
    """

    def __init__(self) -> None:
        """Start the loop."""
        self._loop = new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.stack = AsyncExitStack()

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Run `coroutine` on the loop and return its result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(TIMEOUT_SECONDS)

    def close(self) -> None:
        """Close what `stack` has and all connections, then the loop."""
        self.run(self.stack.aclose())
        self.run(end_connections())
        self.run(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(TIMEOUT_SECONDS)
        self._loop.close()


async def end_connections() -> None:
    """Cancel all other tasks of the loop, which serve connections, and let these close.

    A server may have accepted a connection just before it closed. A task that is cancelled before
    it starts does not close its connection, so it starts first.
    """
    for _ in range(ITERATIONS_TO_START):
        await asyncio.sleep(0)
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0.01)  # a transport releases its socket after its task has ended
