"""A stub for Slack at minimal cost: it responds to every request immediately, or after a pause.

The sandbox validates requests as Slack does, which costs more than the work measured here.
"""

from __future__ import annotations

import asyncio
import socket
from queue import SimpleQueue
from threading import Event, Thread
from time import perf_counter
from types import TracebackType
from typing import Self, cast

import orjson
from uvloop import new_event_loop

OK_BODY = b"ok"

AUTH_RESPONSE = {"ok": True, "team_id": "T0BENCH", "user_id": "U0BOT", "bot_id": "B0BOT"}


class SlackStub:
    """A server in a thread. `response_times` has the time of each message to a response_url."""

    def __init__(self) -> None:
        """Prepare the stub; `with` starts it."""
        self.response_times: SimpleQueue[float] = SimpleQueue()
        self.socket_url = ""
        self.url = ""
        self._paused: list[_Connection] | None = None
        self._loop = new_event_loop()
        self._thread = Thread(target=self._run, name="slack-stub", daemon=True)
        self._ready = Event()

    @property
    def api_url(self) -> str:
        """The URL of the Web API."""
        return f"{self.url}/api/"

    @property
    def response_url(self) -> str:
        """The response_url of every click."""
        return f"{self.url}/actions/T0BENCH/1/abcdefghijklmnopqrstuvwx"

    def pause(self) -> None:
        """Hold back responses of the response_url until `resume`, which stops the outbox."""
        self._loop.call_soon_threadsafe(self._pause)

    def resume(self) -> None:
        """Respond to the waiting requests and to all later ones."""
        self._loop.call_soon_threadsafe(self._resume)

    def wait_for_responses(self, count: int, timeout: float = 120) -> float:
        """Wait for `count` messages to a response_url, and return the time of the last one.

        Raises:
            queue.Empty: no message arrives for `timeout` seconds.
        """
        response_time = 0.0
        for _ in range(count):
            response_time = self.response_times.get(timeout=timeout)
        return response_time

    def __enter__(self) -> Self:
        """Start the server."""
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        server = self._loop.run_until_complete(
            self._loop.create_server(lambda: _Connection(self), sock=listening)
        )
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.close()

    def _pause(self) -> None:
        self._paused = []

    def _resume(self) -> None:
        paused, self._paused = self._paused or [], None
        for connection in paused:
            self._record_response(connection)

    def handle_request(self, connection: _Connection, path: bytes) -> None:
        """Respond to a request, or keep it waiting while the stub is paused."""
        if path.startswith(b"/actions/"):
            if self._paused is None:
                self._record_response(connection)
            else:
                self._paused.append(connection)
        elif path.endswith(b"apps.connections.open"):
            connection.respond(orjson.dumps({"ok": True, "url": self.socket_url}))
        else:
            connection.respond(orjson.dumps(AUTH_RESPONSE | {"ts": f"{perf_counter():.6f}"}))

    def _record_response(self, connection: _Connection) -> None:
        self.response_times.put(perf_counter())
        connection.respond(OK_BODY)


class _Connection(asyncio.Protocol):
    """The part of HTTP/1.1 that aiohttp's client needs."""

    def __init__(self, stub: SlackStub) -> None:
        self._stub = stub
        self._buffer = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do not inherit from asyncio's.
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        length = content_length(head)
        if separator and len(rest) >= length:
            self._buffer = rest[length:]
            self._stub.handle_request(self, head.split(b" ", 2)[1])

    def respond(self, body: bytes) -> None:
        content_type = b"text/plain" if body is OK_BODY else b"application/json"
        head = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
        if self._transport:
            self._transport.write(head % (content_type, len(body)) + body)


def content_length(head: bytes) -> int:
    """Return the value of the Content-Length header, or 0."""
    _, separator, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0]) if separator else 0
