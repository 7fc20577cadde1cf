"""Tests of the limits of connections, over real sockets: slow, silent and greedy clients."""

from __future__ import annotations

import asyncio
import gzip
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from time import monotonic

import pytest
from aiohttp import web

from bot import http_connections
from bot.http_connections import (
    ANSWERING,
    IDLE,
    KEEP_ALIVE_SECONDS,
    MAX_BODY_BYTES,
    MAX_CONNECTIONS,
    MAX_HEADER_BYTES,
    REQUEST_TIMEOUT_SECONDS,
    RESPONSE_TIMEOUT_SECONDS,
    IncompleteRequestError,
    WebServer,
    read_body,
)

HALF_HEADERS = b"POST / HTTP/1.1\r\nHost: x\r\nContent-"
HALF_BODY = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345"
HALF_CHUNK = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12"
WHOLE = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12345"
HUGE_RESPONSE = b"x" * 30_000_000


class Served:
    """A running server with its clients, and what its handler read and waits for."""

    def __init__(self) -> None:
        """Start without requests."""
        self.bodies: list[bytes] = []
        self.incomplete = 0
        self.is_blocked = asyncio.Event()
        self.may_finish = asyncio.Event()
        self.server = WebServer(self._respond)
        self.port = 0
        self.writers: list[asyncio.StreamWriter] = []

    async def _respond(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            body = await read_body(request)
        except IncompleteRequestError:
            self.incomplete += 1
            return web.Response(status=408)
        self.bodies.append(body)
        if request.path == "/huge":
            return web.Response(body=HUGE_RESPONSE)
        if request.path == "/blocked":
            self.is_blocked.set()
            await self.may_finish.wait()
        return web.Response(text="done")

    async def connect(self, sent: bytes) -> asyncio.StreamReader:
        """Connect and send bytes; return what comes back."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers.append(writer)
        writer.write(sent)
        return reader

    def pass_time(self, seconds: float) -> None:
        """Let the server believe that so much time has passed, and search for late connections."""
        now = self.server.now
        self.server.now = lambda: now() + seconds
        self.server.sweep()

    async def wait_for_connections(self, count: int, phase: str | None = None) -> None:
        """Wait until the server has this many connections, in a phase if one is named."""
        async with asyncio.timeout(5):
            while True:
                connections = self.server.timed_connections()
                if len([one for one in connections if phase in (None, one.phase)]) == count:
                    return
                await asyncio.sleep(0)


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """Return a running server."""
    running = Served()
    running.port = await running.server.start("127.0.0.1", 0)
    yield running
    running.may_finish.set()
    await running.server.stop()
    for writer in running.writers:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def read_all(reader: asyncio.StreamReader) -> bytes:
    """Return what the server sent until it closed the connection."""
    received = b""
    with suppress(ConnectionError):
        async with asyncio.timeout(5):
            while part := await reader.read(65_536):
                received += part
    return received


@pytest.mark.parametrize("sent", [b"", HALF_HEADERS, HALF_BODY, HALF_CHUNK])
async def test_request_that_does_not_arrive_in_time_is_closed(served: Served, sent: bytes) -> None:
    reader = await served.connect(sent)
    await served.wait_for_connections(1)
    served.pass_time(REQUEST_TIMEOUT_SECONDS - 1)
    assert len(served.server.timed_connections()) == 1
    served.pass_time(2)
    assert await read_all(reader) == b""
    await served.wait_for_connections(0)
    assert served.bodies == []


async def test_second_request_has_the_same_time_limit(served: Served) -> None:
    reader = await served.connect(WHOLE)
    await reader.readuntil(b"done")
    await served.wait_for_connections(1, IDLE)
    served.pass_time(REQUEST_TIMEOUT_SECONDS * 3)
    served.writers[0].write(HALF_HEADERS)
    await served.wait_for_connections(0, IDLE)
    served.pass_time(REQUEST_TIMEOUT_SECONDS + 1)
    assert await read_all(reader) == b""


async def test_trickle_does_not_extend_the_time_limit(served: Served) -> None:
    reader = await served.connect(HALF_HEADERS)
    await served.wait_for_connections(1)
    for _ in range(3):
        served.pass_time(REQUEST_TIMEOUT_SECONDS / 3.5)
        served.writers[0].write(b"a")
        await served.writers[0].drain()
    served.pass_time(REQUEST_TIMEOUT_SECONDS / 3.5)
    assert await read_all(reader) == b""


async def test_idle_connection_is_kept_longer_than_a_proxy_keeps_it(served: Served) -> None:
    reader = await served.connect(WHOLE)
    await reader.readuntil(b"done")
    await served.wait_for_connections(1, IDLE)
    assert KEEP_ALIVE_SECONDS > 60
    served.pass_time(KEEP_ALIVE_SECONDS - 1)
    served.writers[0].write(WHOLE)
    await reader.readuntil(b"done")
    await served.wait_for_connections(1, IDLE)
    served.pass_time(KEEP_ALIVE_SECONDS + 1)
    assert await read_all(reader) == b""


async def test_client_that_does_not_read_is_closed(served: Served) -> None:
    await served.connect(WHOLE.replace(b"/ ", b"/huge "))
    await served.wait_for_connections(1, ANSWERING)
    served.pass_time(RESPONSE_TIMEOUT_SECONDS + 1)
    await served.wait_for_connections(0)


async def test_connections_of_silent_clients_give_way_to_new_ones(served: Served) -> None:
    for _ in range(MAX_CONNECTIONS):
        await served.connect(HALF_HEADERS)
    await served.wait_for_connections(MAX_CONNECTIONS)
    reader = await served.connect(WHOLE)
    assert (await reader.readuntil(b"done")).startswith(b"HTTP/1.1 200")
    assert len(served.server.timed_connections()) <= MAX_CONNECTIONS


async def test_closed_connections_are_one_line_in_the_log_without_a_traceback(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for number in range(200):
        await served.connect((HALF_HEADERS, HALF_BODY)[number % 2])
    await served.connect(b"\x16\x03\x01 no HTTP\r\n\r\n")
    await served.wait_for_connections(200)
    served.pass_time(REQUEST_TIMEOUT_SECONDS + 1)
    await served.wait_for_connections(0)
    served.pass_time(REQUEST_TIMEOUT_SECONDS)
    (record,) = caplog.records
    assert record.getMessage() == (
        "the web server closed connections: 1 because the request was not valid HTTP, "
        "200 because the request did not arrive in time"
    )


async def test_clients_that_go_away_are_not_logged(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(50):
        await served.connect((HALF_HEADERS, HALF_BODY, HALF_CHUNK)[number % 3])
    await served.wait_for_connections(50)
    for writer in served.writers:
        writer.transport.abort()
    await served.wait_for_connections(0)
    assert caplog.records == []
    assert served.bodies == []


@pytest.mark.parametrize(
    "sent",
    [
        b"\xff\xfe\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * MAX_HEADER_BYTES * 2 + b"\r\n\r\n",
        b"GET /" + b"x" * MAX_HEADER_BYTES * 2 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: x\r\n" * 1000 + b"\r\n",
    ],
)
async def test_bytes_that_are_not_http_get_a_bad_request(
    served: Served, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    response = await read_all(await served.connect(sent))
    assert response.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))
    assert caplog.records == []


@pytest.mark.parametrize("is_chunked", [True, False])
async def test_body_above_the_limit_is_refused(served: Served, *, is_chunked: bool) -> None:
    part = b"x" * 100_000
    head = b"POST / HTTP/1.1\r\nHost: x\r\n"
    if is_chunked:
        chunk = f"{len(part):x}\r\n".encode() + part + b"\r\n"
        sent = (
            head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * (MAX_BODY_BYTES // 100_000 + 1)
        )
    else:
        sent = head + f"Content-Length: {MAX_BODY_BYTES + 1}\r\n\r\n".encode() + part
    reader = await served.connect(sent)
    assert (await read_all(reader)).startswith(b"HTTP/1.1 413")


async def test_compressed_body_stays_as_it_is(served: Served) -> None:
    bomb = gzip.compress(bytes(1_000_000))
    head = (
        f"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n"
    )
    await (await served.connect(head.encode() + b"\r\n" + bomb)).readuntil(b"done")
    assert served.bodies == [bomb]


async def test_unfinished_bodies_have_a_limit_together(served: Served) -> None:
    unfinished = MAX_BODY_BYTES - 1
    head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {MAX_BODY_BYTES}\r\n\r\n".encode()
    count = http_connections.MAX_UNFINISHED_BYTES // unfinished + 1
    readers = [await served.connect(head + b"x" * unfinished) for _ in range(count)]
    closed = [asyncio.create_task(reader.read(12)) for reader in readers]
    done, _waiting = await asyncio.wait(closed, timeout=5, return_when=asyncio.FIRST_COMPLETED)
    assert [task.result() for task in done] == [b"HTTP/1.1 503"]
    for task in closed:
        task.cancel()


@pytest.mark.parametrize("path", [b"/huge ", b"/blocked "])
async def test_shutdown_waits_for_nobody(served: Served, path: bytes) -> None:
    for sent in (b"", HALF_HEADERS, HALF_BODY, HALF_CHUNK, WHOLE, WHOLE.replace(b"/ ", path)):
        for _ in range(5):
            await served.connect(sent)
    await served.wait_for_connections(30)
    await served.wait_for_connections(5, ANSWERING)
    began = monotonic()
    await served.server.stop()
    assert monotonic() - began < http_connections.SHUTDOWN_SECONDS + 1
    assert served.server.timed_connections() == []


async def test_shutdown_lets_a_request_in_progress_finish(served: Served) -> None:
    reader = await served.connect(WHOLE.replace(b"/ ", b"/blocked "))
    await served.is_blocked.wait()
    stop = asyncio.create_task(served.server.stop())
    await asyncio.sleep(0)
    served.may_finish.set()
    assert (await read_all(reader)).endswith(b"done")
    await stop


async def test_connection_that_is_made_while_the_server_stops_is_closed(served: Served) -> None:
    stopping = asyncio.create_task(served.server.stop())
    await asyncio.sleep(0)
    late = served.server()
    ours, theirs = socket.socketpair()
    with theirs:
        await asyncio.get_running_loop().create_connection(lambda: late, sock=ours)
        await stopping
        theirs.settimeout(5)
        assert await asyncio.to_thread(theirs.recv, 1) == b""
