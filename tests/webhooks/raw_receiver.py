"""A receiver that answers with any bytes, or with none, as no HTTP server would."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field

Behavior = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class RawReceiver:
    """Counts the requests that arrive completely, and answers each as `behavior` does."""

    behavior: Behavior
    requests: list[bytes] = field(default_factory=list)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def wait_for(self, count: int) -> None:
        """Wait until so many requests have arrived; fail after 20 seconds."""
        async with asyncio.timeout(20):
            while len(self.requests) < count:
                self._arrived.clear()
                await self._arrived.wait()

    @asynccontextmanager
    async def serve(self, context: ssl.SSLContext | None = None) -> AsyncIterator[str]:
        """Serve on a free port of this machine; yield the URL."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=context)
        port = server.sockets[0].getsockname()[1]
        try:
            yield f"{'https' if context else 'http'}://127.0.0.1:{port}/events"
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await asyncio.sleep(0)  # lets the transports close

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._answer(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing_transport(writer), suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            self.requests.append(head + await reader.readexactly(length))
            self._arrived.set()
            await self.behavior(writer)


@contextmanager
def closing_transport(writer: asyncio.StreamWriter) -> Iterator[None]:
    """Reset the connection when the block ends, also if it is cancelled."""
    try:
        yield
    finally:
        writer.transport.abort()


def answer(*parts: str) -> Behavior:
    """Send these texts, then reset the connection."""

    async def send(writer: asyncio.StreamWriter) -> None:
        writer.write("".join(parts).encode())
        await writer.drain()

    return send


def answer_status(status: int, *headers: str) -> Behavior:
    """Answer with a status and headers."""
    lines = (f"HTTP/1.1 {status} X", "Content-Length: 0", *headers)
    return answer("\r\n".join(lines), "\r\n\r\n")


async def stall(_writer: asyncio.StreamWriter) -> None:
    """Never answer."""
    await asyncio.Event().wait()


def answer_after(event: asyncio.Event) -> Behavior:
    """Refuse the webhook event when something has happened."""

    async def refuse(writer: asyncio.StreamWriter) -> None:
        await event.wait()
        await answer_status(500)(writer)

    return refuse


async def drip_headers(writer: asyncio.StreamWriter) -> None:
    """Send headers that never end, one at a time."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: yes\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)


async def send_endless_body(writer: asyncio.StreamWriter) -> None:
    """Accept the event and send a body that never ends."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1000\r\n" + bytes(4096) + b"\r\n")
        await writer.drain()
