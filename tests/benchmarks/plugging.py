"""The load over Socket Mode: `python -m tests.benchmarks.plugging FILE PORT SIDE_BY_SIDE`.

The file is a JSON list of envelopes. Whoever connects to the port is sent so many of them, and one
more for each that is acknowledged.
"""

from __future__ import annotations

import asyncio
from time import perf_counter

import orjson
from aiohttp import WSMsgType, web

from tests.benchmarks.loads import Load, run

PAUSE = 0.5
"""Seconds for the app to be ready after it has connected."""


class Socket:
    """The one connection of an app."""

    def __init__(self, load: Load, side_by_side: int) -> None:
        """Send what the load has once somebody connects."""
        self._load = load
        self._side_by_side = side_by_side
        self._sent: dict[str, float] = {}
        self._socket = web.WebSocketResponse()
        self._going: set[asyncio.Future[None]] = set()
        self.connected = asyncio.Event()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Talk to the app."""
        await self._socket.prepare(request)
        await self._socket.send_str('{"type":"hello"}')
        self.connected.set()
        async for message in self._socket:
            if message.type == WSMsgType.TEXT:
                self._acknowledged(orjson.loads(message.data)["envelope_id"])
        return self._socket

    def fire(self) -> None:
        """Send the first envelopes."""
        for _ in range(self._side_by_side):
            self._next()

    def _next(self) -> None:
        envelope = next(self._load.left, None)
        if envelope:
            self._sent[orjson.loads(envelope)["envelope_id"]] = perf_counter()
            going = asyncio.ensure_future(self._socket.send_str(envelope.decode()))
            self._going.add(going)
            going.add_done_callback(self._going.discard)

    def _acknowledged(self, envelope: str) -> None:
        self._load.answered(perf_counter() - self._sent.pop(envelope), acknowledged=True)
        self._next()


async def _send(load: Load, port: int, side_by_side: int) -> dict[str, object]:
    socket = Socket(load, side_by_side)
    server = web.Application()
    server.router.add_get("/link", socket.serve)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await socket.connected.wait()
    await asyncio.sleep(PAUSE)
    return await load.through(socket.fire)


if __name__ == "__main__":
    run(_send)
