"""Delivery over Socket Mode: envelopes over WebSockets that the app opened."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from aiohttp import WSMsgType, web

from ..clock import Clock
from ..ids import IdGenerator, random_hex
from ..json_codec import Json, as_object, decode, encode
from . import Ack, Envelope

MAX_CONNECTIONS = 10
"""Slack: "up to 10 open WebSocket connections at the same time"."""

TOO_MANY_CONNECTIONS = "too_many_websockets"

DISCONNECT_GRACE_SECONDS = 10.0
"""How long a socket stays open after a disconnect message, in real time: it limits a real program.

Slack documents that it warns "about ten seconds" before it closes a socket.
"""

TICKET_LIFETIME = timedelta(seconds=30)


@dataclass(eq=False, slots=True)
class Connection:
    """One WebSocket; `is_open` is false once the app must reconnect."""

    socket: web.WebSocketResponse
    number: int
    is_open: bool = True


@dataclass(eq=False)
class SocketModeTransport:
    """All open sockets of the app, and the envelopes that await an acknowledgment."""

    app_id: str
    clock: Clock
    ids: IdGenerator
    ack_timeout: float
    _tickets: dict[str, datetime] = field(default_factory=dict)
    _connections: list[Connection] = field(default_factory=list)
    _pending: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    _tasks: set[asyncio.Future[None]] = field(default_factory=set)
    _numbers: count[int] = field(default_factory=count)
    _round_robin: int = 0
    _loop: asyncio.AbstractEventLoop | None = None

    @property
    def connection_count(self) -> int:
        """The number of usable sockets."""
        return len(self._usable_connections())

    def create_ticket(self) -> str:
        """Return a new ticket, valid for one connection."""
        ticket = random_hex(32)
        self._tickets[ticket] = self.clock.now()
        return ticket

    async def handle_connection(self, request: web.Request) -> web.StreamResponse:
        """Handle a request to open a socket; returns when the socket has closed."""
        created_at = self._tickets.pop(request.query.get("ticket", ""), None)
        if created_at is None or self.clock.now() - created_at > TICKET_LIFETIME:
            return web.Response(status=408 if created_at else 404, text="invalid ticket")
        self._loop = asyncio.get_running_loop()
        socket = web.WebSocketResponse(compress=False, heartbeat=30.0)
        await socket.prepare(request)
        await self._run_connection(Connection(socket, next(self._numbers)))
        return socket

    async def send(self, envelope: Envelope) -> Ack:
        """Send `envelope` over one of the sockets and wait for its acknowledgment."""
        connection = self._next_connection()
        if connection is None:
            return _missing_ack("the app has no Socket Mode connection open")
        envelope_id = envelope.envelope_id or self.ids.uuid()
        ack_future = asyncio.get_running_loop().create_future()
        self._pending[envelope_id] = ack_future
        try:
            return await self._send_and_wait(connection, envelope_id, envelope, ack_future)
        finally:
            self._pending.pop(envelope_id, None)

    def disconnect_all(self, reason: str) -> None:
        """Close every socket, or with a `reason` ask the app to reconnect first. Thread-safe."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._disconnect_all, reason)

    def _disconnect_all(self, reason: str) -> None:
        for connection in list(self._connections):
            coroutine = (
                self._request_disconnect(connection, reason)
                if reason
                else self._close_connection(connection)
            )
            self._tasks.add(task := asyncio.ensure_future(coroutine))
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Close every connection."""
        for task in self._tasks:
            task.cancel()
        for connection in list(self._connections):
            connection.is_open = False
            await connection.socket.close()

    async def _send_and_wait(
        self,
        connection: Connection,
        envelope_id: str,
        envelope: Envelope,
        ack_future: asyncio.Future[Json],
    ) -> Ack:
        try:
            async with asyncio.timeout(self.ack_timeout):
                frame = _encode_envelope(envelope_id, envelope)
                await connection.socket.send_frame(frame, WSMsgType.TEXT)
                response = await ack_future
        except TimeoutError:
            return _missing_ack(f"no ack for the envelope within {self.ack_timeout:g} s")
        except ConnectionError as error:
            return _missing_ack(f"the socket failed: {error}")
        return Ack(200, response.get("payload") if envelope.type != "events_api" else None)

    def _usable_connections(self) -> list[Connection]:
        return [
            connection
            for connection in self._connections
            if connection.is_open and not connection.socket.closed
        ]

    def _next_connection(self) -> Connection | None:
        """Return the sockets in rotation, because Slack sends each envelope to any one of them."""
        usable = self._usable_connections()
        self._round_robin += 1
        return usable[self._round_robin % len(usable)] if usable else None

    async def _run_connection(self, connection: Connection) -> None:
        if self.connection_count >= MAX_CONNECTIONS:
            await self._request_disconnect(connection, TOO_MANY_CONNECTIONS)
            return
        self._connections.append(connection)
        try:
            await self._listen(connection)
        finally:
            self._connections.remove(connection)

    async def _listen(self, connection: Connection) -> None:
        await connection.socket.send_str(encode(self._hello_message()).decode())
        async for message in connection.socket:
            if message.type is WSMsgType.TEXT:
                self._receive_ack(message.data)

    def _receive_ack(self, text: str) -> None:
        with contextlib.suppress(ValueError):
            ack = as_object(decode(text))
            ack_future = self._pending.get(str(ack.get("envelope_id")))
            if ack_future is not None and not ack_future.done():
                ack_future.set_result(ack)

    def _hello_message(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.connection_count,
            "connection_info": {"app_id": self.app_id},
            "debug_info": _debug_info(self.clock.now()),
        }

    async def _request_disconnect(self, connection: Connection, reason: str) -> None:
        """Send a disconnect message and, like Slack, close the socket a little later."""
        connection.is_open = reason == "warning"
        message = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
        with contextlib.suppress(ConnectionError):
            await connection.socket.send_str(encode(message).decode())
        if reason != TOO_MANY_CONNECTIONS:
            await asyncio.sleep(DISCONNECT_GRACE_SECONDS)
            await self._close_connection(connection)

    async def _close_connection(self, connection: Connection) -> None:
        connection.is_open = False
        await connection.socket.close(code=1001)


def _debug_info(now: datetime) -> Json:
    return {
        "host": "sandbox",
        "started": now.strftime("%Y-%m-%d %H:%M:%S.000"),
        "build_number": 1,
        "approximate_connection_time": 3600,
    }


def _encode_envelope(envelope_id: str, envelope: Envelope) -> bytes:
    message: Json = {
        "envelope_id": envelope_id,
        "type": envelope.type,
        "accepts_response_payload": envelope.type != "events_api",
        "payload": envelope.payload,
    }
    if envelope.type == "events_api":
        message |= {"retry_attempt": envelope.retry_attempt, "retry_reason": envelope.retry_reason}
    return encode(message)


def _missing_ack(problem: str) -> Ack:
    return Ack(0, problem=problem, retry_reason="timeout")
