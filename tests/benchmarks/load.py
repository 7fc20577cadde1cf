"""A load: keeps a number of requests in flight, and records their latencies."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from time import perf_counter

import orjson
from uvloop import new_event_loop

TIMEOUT_SECONDS = 120
"""Seconds for the complete load."""


class Load:
    """Pending requests and recorded responses. The first tenth is a warm-up and not measured."""

    def __init__(self, texts: list[str]) -> None:
        """Prepare the requests, which are sent in order."""
        self.pending: Iterator[bytes] = iter([text.encode() for text in texts])
        self.unanswered_count = len(texts)
        self.measured_count = len(texts) - len(texts) // 10
        self.started = 0.0
        self.acknowledged_count = 0
        self.latencies: list[float] = []
        self.is_finished = asyncio.Event()

    def record_response(self, seconds: float, *, is_acknowledged: bool) -> None:
        """Record a response and its latency in seconds."""
        if self.unanswered_count <= self.measured_count:
            self.latencies.append(seconds)
        self.acknowledged_count += is_acknowledged
        self.unanswered_count -= 1
        if self.unanswered_count == self.measured_count:
            self.started = perf_counter()
        if not self.unanswered_count:
            self.is_finished.set()

    async def send_all(self, send_first: Callable[[], None]) -> dict[str, object]:
        """Call `send_first`, wait for all responses, and return the result as a JSON object.

        Raises:
            TimeoutError: not all responses arrive within `TIMEOUT_SECONDS`.
        """
        self.started = perf_counter()
        send_first()
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await self.is_finished.wait()
        return {
            "seconds": perf_counter() - self.started,
            "latencies": self.latencies,
            "acknowledged": self.acknowledged_count,
        }


SendLoad = Callable[[Load, int, int], Awaitable[dict[str, object]]]
"""Sends a load over a port with this concurrency, and returns the result."""


def run_load(send: SendLoad) -> None:
    """Send the load given by the arguments FILE PORT CONCURRENCY, and print the result as JSON."""
    path, port, concurrency = sys.argv[1:]
    texts = orjson.loads(Path(path).read_bytes())
    gc.disable()

    async def send_all() -> dict[str, object]:
        return await send(Load(texts), int(port), int(concurrency))

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        sys.stdout.buffer.write(orjson.dumps(runner.run(send_all())))
