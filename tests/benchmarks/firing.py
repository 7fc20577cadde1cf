"""The load: `python -m tests.benchmarks.firing FILE PORT SIDE_BY_SIDE`, in a process of its own.

The file is a JSON list of whole HTTP requests. Each of the connections, all kept alive, sends one,
waits for its answer, and sends the next that nobody has sent. Printed is what came of it, as JSON.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

import orjson
from uvloop import new_event_loop

from tests.benchmarks.standin import body_length


class Volley:
    """All requests, and what came of them."""

    def __init__(self, requests: list[bytes]) -> None:
        """Take the requests, in their order."""
        self.left = iter(requests)
        self.missing = len(requests)
        self.latencies: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.over = asyncio.Event()

    def answered(self, seconds: float, status: str) -> None:
        """Note an answer."""
        self.latencies.append(seconds)
        self.statuses[status] += 1
        self.missing -= 1
        if not self.missing:
            self.over.set()


class Connection(asyncio.Protocol):
    """One of those who send side by side."""

    def __init__(self, volley: Volley) -> None:
        """Fire what the volley has."""
        self._volley = volley
        self._buffer = b""
        self._sent = 0.0
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be ready."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def fire(self) -> None:
        """Send the next request."""
        request = next(self._volley.left, None)
        if request and self._transport:
            self._sent = perf_counter()
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Note the answer once it is whole."""
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if found and len(body) >= body_length(head):
            self._volley.answered(perf_counter() - self._sent, head.split(b" ", 2)[1].decode())
            self._buffer = b""
            self.fire()


async def _fire(requests: list[bytes], port: int, side_by_side: int) -> dict[str, object]:
    loop, volley = asyncio.get_running_loop(), Volley(requests)
    opened = [
        await loop.create_connection(lambda: Connection(volley), "127.0.0.1", port)
        for _ in range(side_by_side)
    ]
    begun = perf_counter()
    for _, connection in opened:
        connection.fire()
    await volley.over.wait()
    return {
        "seconds": perf_counter() - begun,
        "latencies": volley.latencies,
        "statuses": volley.statuses,
    }


def main() -> None:
    """Fire, and print what came of it."""
    requests = [text.encode() for text in orjson.loads(Path(sys.argv[1]).read_bytes())]
    gc.disable()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        found = runner.run(_fire(requests, int(sys.argv[2]), int(sys.argv[3])))
    sys.stdout.buffer.write(orjson.dumps(found))


if __name__ == "__main__":
    main()
