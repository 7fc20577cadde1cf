"""A load over Socket Mode: `python -m tests.benchmarks.socket_load FILE PORT CONCURRENCY`.

The file is a JSON list of envelopes. The app that connects to the port receives CONCURRENCY of
them, and one more for each acknowledgment.
"""

from __future__ import annotations

import asyncio
from time import perf_counter

import orjson
from aiohttp import WSMsgType, web

from tests.benchmarks.load import Load, run_load

CONNECT_DELAY_SECONDS = 0.5
"""Seconds from the connection until the app is ready."""


class SocketModeServer:
    """A server for the single connection of an app."""

    def __init__(self, load: Load, concurrency: int) -> None:
        """Prepare to send envelopes of a load."""
        self._load = load
        self._concurrency = concurrency
        self._sent_at: dict[str, float] = {}
        self._socket = web.WebSocketResponse()
        self._send_tasks: set[asyncio.Future[None]] = set()
        self.connected = asyncio.Event()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Accept the connection, and read acknowledgments until it closes."""
        await self._socket.prepare(request)
        await self._socket.send_str('{"type":"hello"}')
        self.connected.set()
        async for message in self._socket:
            if message.type == WSMsgType.TEXT:
                self._record_ack(orjson.loads(message.data)["envelope_id"])
        return self._socket

    def send_first(self) -> None:
        """Send the first envelopes, as many as the concurrency."""
        for _ in range(self._concurrency):
            self._send_next()

    def _send_next(self) -> None:
        envelope = next(self._load.pending, None)
        if envelope:
            self._sent_at[orjson.loads(envelope)["envelope_id"]] = perf_counter()
            task = asyncio.ensure_future(self._socket.send_str(envelope.decode()))
            self._send_tasks.add(task)
            task.add_done_callback(self._send_tasks.discard)

    def _record_ack(self, envelope_id: str) -> None:
        self._load.record_response(
            perf_counter() - self._sent_at.pop(envelope_id), is_acknowledged=True
        )
        self._send_next()


async def _send_envelopes(load: Load, port: int, concurrency: int) -> dict[str, object]:
    app_socket = SocketModeServer(load, concurrency)
    server = web.Application()
    server.router.add_get("/link", app_socket.serve)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await app_socket.connected.wait()
    await asyncio.sleep(CONNECT_DELAY_SECONDS)
    return await load.send_all(app_socket.send_first)


if __name__ == "__main__":
    run_load(_send_envelopes)
