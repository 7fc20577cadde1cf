"""What every load does: keep so many on their way, and note how long each took."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from time import perf_counter

import orjson
from uvloop import new_event_loop

PATIENCE = 120
"""Seconds for all of it."""


class Load:
    """What is left to send, and what came back.

    The first tenth warms up whoever answers, and is not measured.
    """

    def __init__(self, texts: list[str]) -> None:
        """Take what is to be sent, in its order."""
        self.left: Iterator[bytes] = iter([text.encode() for text in texts])
        self.missing = len(texts)
        self.measured = len(texts) - len(texts) // 10
        self.begun = 0.0
        self.acknowledged = 0
        self.latencies: list[float] = []
        self.over = asyncio.Event()

    def answered(self, seconds: float, *, acknowledged: bool) -> None:
        """Note an answer."""
        if self.missing <= self.measured:
            self.latencies.append(seconds)
        self.acknowledged += acknowledged
        self.missing -= 1
        if self.missing == self.measured:
            self.begun = perf_counter()
        if not self.missing:
            self.over.set()

    async def through(self, fire: Callable[[], None]) -> dict[str, object]:
        """Begin with `fire`, wait until all is answered, and return what came of it.

        Raises:
            TimeoutError: it takes too long.
        """
        self.begun = perf_counter()
        fire()
        async with asyncio.timeout(PATIENCE):
            await self.over.wait()
        return {
            "seconds": perf_counter() - self.begun,
            "latencies": self.latencies,
            "acknowledged": self.acknowledged,
        }


Send = Callable[[Load, int, int], Awaitable[dict[str, object]]]
"""Sends a load to or from a port, so many side by side."""


def run(send: Send) -> None:
    """Send what the command line says, FILE PORT SIDE_BY_SIDE, and print what came of it."""
    path, port, side_by_side = sys.argv[1:]
    texts = orjson.loads(Path(path).read_bytes())
    gc.disable()

    async def sent() -> dict[str, object]:
        return await send(Load(texts), int(port), int(side_by_side))

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        sys.stdout.buffer.write(orjson.dumps(runner.run(sent())))
