"""Socket Mode: envelopes over WebSockets that the app opened."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from aiohttp import WSMsgType, web

from bot.clock import Clock
from bot.sandbox.delivery import Ack, Parcel
from bot.sandbox.ids import Names, secret
from bot.sandbox.wire import Json, as_object, decode, encode

MOST_CONNECTIONS = 10
"""Slack: "up to 10 open WebSocket connections at the same time"."""

TOO_MANY = "too_many_websockets"

GRACE_SECONDS = 10.0
"""How long a socket stays after its app was asked to leave it: Slack warns "about ten seconds"
before it closes one. By the wall clock, because it measures a real program.
"""

TICKET_LIFETIME = timedelta(seconds=30)


@dataclass(eq=False, slots=True)
class Connection:
    """One open socket. Not `open` once the app was told to leave it."""

    socket: web.WebSocketResponse
    number: int
    open: bool = True


@dataclass(eq=False)
class Sockets:
    """Every open socket of the app, and what was sent over them but not yet acknowledged."""

    app_id: str
    clock: Clock
    names: Names
    ack_within: float
    _tickets: dict[str, datetime] = field(default_factory=dict)
    _connections: list[Connection] = field(default_factory=list)
    _pending: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    _tasks: set[asyncio.Future[None]] = field(default_factory=set)
    _numbers: count[int] = field(default_factory=count)
    _turn: int = 0
    _loop: asyncio.AbstractEventLoop | None = None

    @property
    def connected(self) -> int:
        """How many sockets can be used."""
        return len(self._usable())

    def ticket(self) -> str:
        """Return a ticket for one connection."""
        ticket = secret(32)
        self._tickets[ticket] = self.clock.now()
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer a request to open a socket, and live with it until it closes."""
        born = self._tickets.pop(request.query.get("ticket", ""), None)
        if born is None or self.clock.now() - born > TICKET_LIFETIME:
            return web.Response(status=408 if born else 404, text="invalid ticket")
        self._loop = asyncio.get_running_loop()
        socket = web.WebSocketResponse(compress=False, heartbeat=30.0)
        await socket.prepare(request)
        await self._live(Connection(socket, next(self._numbers)))
        return socket

    async def carry(self, parcel: Parcel) -> Ack:
        """Send `parcel` in an envelope over one of the sockets and wait for its ack."""
        connection = self._next()
        if connection is None:
            return _lost("the app has no Socket Mode connection open")
        envelope_id = parcel.envelope_id or self.names.uuid()
        arrived = asyncio.get_running_loop().create_future()
        self._pending[envelope_id] = arrived
        try:
            return await self._exchange(connection, envelope_id, parcel, arrived)
        finally:
            self._pending.pop(envelope_id, None)

    def drop(self, reason: str) -> None:
        """Cut every connection, or with a `reason` ask for each to be made anew.

        May be called from any thread.
        """
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._drop, reason)

    def _drop(self, reason: str) -> None:
        for connection in list(self._connections):
            task = self._cut(connection) if not reason else self._dismiss(connection, reason)
            self._tasks.add(started := asyncio.ensure_future(task))
            started.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Close every connection."""
        for task in self._tasks:
            task.cancel()
        for connection in list(self._connections):
            connection.open = False
            await connection.socket.close()

    async def _exchange(
        self,
        connection: Connection,
        envelope_id: str,
        parcel: Parcel,
        arrived: asyncio.Future[Json],
    ) -> Ack:
        try:
            async with asyncio.timeout(self.ack_within):
                envelope = _envelope(envelope_id, parcel)
                await connection.socket.send_frame(envelope, WSMsgType.TEXT)
                answer = await arrived
        except TimeoutError:
            return _lost(f"no ack for the envelope within {self.ack_within:g} s")
        except ConnectionError as error:
            return _lost(f"the socket broke: {error}")
        return Ack(200, answer.get("payload") if parcel.kind != "events_api" else None)

    def _usable(self) -> list[Connection]:
        return [one for one in self._connections if one.open and not one.socket.closed]

    def _next(self) -> Connection | None:
        """Return the sockets in turn: Slack sends each envelope to any one of them."""
        usable = self._usable()
        self._turn += 1
        return usable[self._turn % len(usable)] if usable else None

    async def _live(self, connection: Connection) -> None:
        if self.connected >= MOST_CONNECTIONS:
            await self._dismiss(connection, TOO_MANY)
            return
        self._connections.append(connection)
        try:
            await self._listen(connection)
        finally:
            self._connections.remove(connection)

    async def _listen(self, connection: Connection) -> None:
        await connection.socket.send_str(encode(self._hello()).decode())
        async for message in connection.socket:
            if message.type is WSMsgType.TEXT:
                self._receive(message.data)

    def _receive(self, text: str) -> None:
        with contextlib.suppress(ValueError):
            answer = as_object(decode(text))
            arrived = self._pending.get(str(answer.get("envelope_id")))
            if arrived is not None and not arrived.done():
                arrived.set_result(answer)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.connected,
            "connection_info": {"app_id": self.app_id},
            "debug_info": _debug_info(self.clock.now()),
        }

    async def _dismiss(self, connection: Connection, reason: str) -> None:
        """Tell the app to leave; Slack closes the socket itself a little later."""
        connection.open = reason == "warning"
        goodbye = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
        with contextlib.suppress(ConnectionError):
            await connection.socket.send_str(encode(goodbye).decode())
        if reason != TOO_MANY:
            await asyncio.sleep(GRACE_SECONDS)
            await self._cut(connection)

    async def _cut(self, connection: Connection) -> None:
        connection.open = False
        await connection.socket.close(code=1001)


def _debug_info(now: datetime) -> Json:
    return {
        "host": "sandbox",
        "started": now.strftime("%Y-%m-%d %H:%M:%S.000"),
        "build_number": 1,
        "approximate_connection_time": 3600,
    }


def _envelope(envelope_id: str, parcel: Parcel) -> bytes:
    envelope: Json = {
        "envelope_id": envelope_id,
        "type": parcel.kind,
        "accepts_response_payload": parcel.kind != "events_api",
        "payload": parcel.payload,
    }
    if parcel.kind == "events_api":
        envelope |= {"retry_attempt": parcel.attempt, "retry_reason": parcel.reason}
    return encode(envelope)


def _lost(problem: str) -> Ack:
    return Ack(0, problem=problem, reason="timeout")
