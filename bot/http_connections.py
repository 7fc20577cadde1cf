"""Connections of the web server: limits on their number, their time and their unfinished requests.

A client may open connections and send nothing, half of a request, or a byte now and then, and it
may not read what it gets. None of this keeps Slack's requests waiting, fills the memory, or delays
a shutdown.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 500
"""Open connections. When one more is opened, the one that has been idle for longest is closed."""

REQUEST_TIMEOUT_SECONDS = 10.0
"""Seconds in which a whole request must arrive. Slack itself waits for an answer for three."""

RESPONSE_TIMEOUT_SECONDS = 30.0
"""Seconds in which a request must be answered, and the client must have read the response."""

KEEP_ALIVE_SECONDS = 75.0
"""Seconds for which an idle connection stays open: longer than a reverse proxy keeps it."""

SHUTDOWN_SECONDS = 2.0
"""Seconds for requests in progress when the server stops."""

SWEEP_SECONDS = 1.0
"""Seconds between two searches for connections that took too long."""

SUMMARY_SECONDS = 5.0
"""Seconds for which closed connections are counted before one line in the log reports them."""

MAX_BODY_BYTES = 4 * 1024 * 1024
"""Largest request in bytes; Slack's largest, a view of 250 kB, is far smaller."""

MAX_UNFINISHED_BYTES = 16 * MAX_BODY_BYTES
"""Bytes of all requests together that have not arrived completely."""

MAX_HEADER_BYTES = 16_384
MAX_HEADERS = 100

IDLE = "idle"
RECEIVING = "the request did not arrive in time"
ANSWERING = "the response was not read in time"
TIMEOUTS = {
    IDLE: KEEP_ALIVE_SECONDS,
    RECEIVING: REQUEST_TIMEOUT_SECONDS,
    ANSWERING: RESPONSE_TIMEOUT_SECONDS,
}

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class IncompleteRequestError(Exception):
    """The client went away, or its time was up, before its request was complete."""


class Connection(web.RequestHandler):
    """A connection with what it is waiting for, and since when."""

    __slots__ = ("phase", "phase_since", "server")

    def __init__(self, server: WebServer, **options: Any) -> None:  # noqa: ANN401 - passed on to aiohttp
        """Begin to wait for the first request."""
        super().__init__(server, loop=asyncio.get_running_loop(), **options)
        self.server = server
        self.enter(RECEIVING)

    def enter(self, phase: str) -> None:
        """Begin a phase, which has a time limit."""
        self.phase = phase
        self.phase_since = self.server.now()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Register the connection; close another one if there are too many.

        It is closed at once if it was accepted just before the server stopped listening.
        """
        super().connection_made(transport)
        if self.server.is_stopping:
            self.abort()
        else:
            self.server.limit_connections()

    def data_received(self, data: bytes) -> None:
        """Begin the time limit of a request with its first byte."""
        if self.phase is IDLE:
            self.enter(RECEIVING)
        super().data_received(data)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send the response, and begin to wait for the next request."""
        result = await super().finish_response(request, resp, start_time)
        self.enter(IDLE)
        return result

    def abort(self) -> None:
        """Close the connection at once, even if the client does not read."""
        transport = self.transport
        self.force_close()
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer 400 to bytes that are not HTTP, without a traceback; everything else is a bug."""
        if status != web.HTTPBadRequest.status_code:
            return super().handle_error(request, status, exc, message)
        self.server.count_closed("the request was not valid HTTP")
        response = web.Response(status=status, text="bad request")
        response.force_close()
        return response


async def read_body(request: web.BaseRequest) -> bytes:
    """Return the body of a request, and begin the time limit of its answer.

    Raises:
        HTTPRequestEntityTooLarge: it is too large.
        HTTPServiceUnavailable: too many bytes of other requests are waiting.
        IncompleteRequestError: it did not arrive.
    """
    connection = request.protocol
    if not isinstance(connection, Connection):
        raise TypeError
    body = await connection.server.read_body(request)
    connection.enter(ANSWERING)
    return body


class WebServer(web.Server):
    """A web server whose connections have limits."""

    def __init__(self, handler: Handler) -> None:
        """Serve requests with `handler`."""
        super().__init__(handler)
        self.is_stopping = False
        self.now = asyncio.get_running_loop().time
        self._unfinished_bytes = 0
        self._closed = Counter[str]()
        self._log_at = 0.0
        self._sockets: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; return the port.

        Raises:
            OSError: the port is taken.
        """
        loop = asyncio.get_running_loop()
        self._sockets = await loop.create_server(self, host, port)
        self._sweeper = asyncio.create_task(self._sweep_forever())
        return int(self._sockets.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening, give requests in progress a moment, and close every connection."""
        self.is_stopping = True
        if self._sockets:
            self._sockets.close()
        if self._sweeper:
            self._sweeper.cancel()
        for connection in self.timed_connections():
            if connection.phase is not ANSWERING:
                connection.abort()
        await self.shutdown(SHUTDOWN_SECONDS / 2)  # aiohttp waits for this long twice
        for connection in self.timed_connections():
            connection.abort()
        self._log_closed()

    def __call__(self) -> Connection:
        """Return the protocol of a new connection."""
        return Connection(
            self,
            access_log=None,
            auto_decompress=False,  # Slack does not compress, and the signature is on the raw bytes
            keepalive_timeout=KEEP_ALIVE_SECONDS,
            lingering_time=SHUTDOWN_SECONDS / 2,
            max_field_size=MAX_HEADER_BYTES,
            max_headers=MAX_HEADERS,
            max_line_size=MAX_HEADER_BYTES,
        )

    def timed_connections(self) -> list[Connection]:
        """Return the open connections, the oldest first."""
        return [one for one in self.connections if isinstance(one, Connection)]

    def limit_connections(self) -> None:
        """Close the connection that has waited for longest, if there are too many."""
        if len(self.connections) <= MAX_CONNECTIONS:
            return
        waiting = [one for one in self.timed_connections() if one.phase is not ANSWERING]
        oldest = min(waiting or self.timed_connections(), key=lambda one: one.phase_since)
        self.count_closed("there were too many connections")
        oldest.abort()

    def sweep(self) -> None:
        """Close the connections whose time is up."""
        now = self.now()
        for connection in self.timed_connections():
            is_open = connection.transport is not None
            if is_open and now - connection.phase_since > TIMEOUTS[connection.phase]:
                if connection.phase is not IDLE:
                    self.count_closed(connection.phase)
                connection.abort()
        if now >= self._log_at:
            self._log_closed()

    def count_closed(self, reason: str) -> None:
        """Count a connection that the server closes, for the summary in the log."""
        if not self._closed:
            self._log_at = self.now() + SUMMARY_SECONDS
        self._closed[reason] += 1

    async def read_body(self, request: web.BaseRequest) -> bytes:
        """Return the body of a request; the function `read_body` says what is raised."""
        if (request.content_length or 0) > MAX_BODY_BYTES:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, request.content_length or 0)
        body = bytearray()
        try:
            while part := await request.content.readany():
                body += part
                self._unfinished_bytes += len(part)
                if len(body) > MAX_BODY_BYTES:
                    raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, len(body))
                if self._unfinished_bytes > MAX_UNFINISHED_BYTES:
                    raise web.HTTPServiceUnavailable
        except (ConnectionError, web.RequestPayloadError) as error:
            raise IncompleteRequestError from error
        finally:
            self._unfinished_bytes -= len(body)
        return bytes(body)

    async def _sweep_forever(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.sweep()

    def _log_closed(self) -> None:
        """Log one line about all connections that were closed since the last one."""
        if not self._closed:
            return
        counts = ", ".join(f"{count:,} because {why}" for why, count in self._closed.items())
        log.warning("the web server closed connections: %s", counts)
        self._closed.clear()
