"""A load over HTTP: `python -m tests.benchmarks.http_load FILE PORT CONCURRENCY`.

The file is a JSON list of complete HTTP requests. Each of the keep-alive connections sends a
request, waits for the response, and sends the next pending request.
"""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import cast

from tests.benchmarks.load import Load, run_load
from tests.benchmarks.slack_stub import content_length


class Connection(asyncio.Protocol):
    """One of the concurrent connections."""

    def __init__(self, load: Load) -> None:
        """Prepare to send requests of a load."""
        self._load = load
        self._buffer = b""
        self._sent = 0.0
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        # uvloop's transports do not inherit from asyncio's.
        self._transport = cast("asyncio.WriteTransport", transport)

    def send_next(self) -> None:
        """Send the next pending request, if any."""
        request = next(self._load.pending, None)
        if request and self._transport:
            self._sent = perf_counter()
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Record the response once it is complete, and send the next request."""
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if separator and len(body) >= content_length(head):
            elapsed = perf_counter() - self._sent
            self._load.record_response(elapsed, is_acknowledged=head.startswith(b"HTTP/1.1 200 "))
            self._buffer = b""
            self.send_next()


async def _send_requests(load: Load, port: int, concurrency: int) -> dict[str, object]:
    loop = asyncio.get_running_loop()
    connections = [
        await loop.create_connection(lambda: Connection(load), "127.0.0.1", port)
        for _ in range(concurrency)
    ]

    def send_first() -> None:
        for _, connection in connections:
            connection.send_next()

    return await load.send_all(send_first)


if __name__ == "__main__":
    run_load(_send_requests)
