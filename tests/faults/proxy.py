"""A proxy between the bot and the sandbox's Web API that refuses and breaks connections."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

from tests.background_loop import BackgroundLoop, end_connections

READ_BYTES = 65536

Breakage = Literal["before the call", "after the call"]
"""Whether the connection breaks before the sandbox gets the call, or before the bot its answer."""


class FaultyProxy:
    """Forwards connections to the Web API at `target_url`; a context manager.

    `breaks` says for which methods connections break, and when. `counts` are the broken calls.
    While `is_down`, nothing listens.
    """

    def __init__(self, target_url: str, counts: Counter[str], *, is_down: bool = False) -> None:
        """Create the proxy without starting it."""
        target = urlsplit(target_url)
        self._host, self._target_port = target.hostname or "127.0.0.1", target.port or 80
        self._path = target.path
        self.breaks: dict[str, Breakage] = {}
        self.counts = counts
        self._is_down = is_down
        self._loop = BackgroundLoop()
        self._server: asyncio.Server | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """The URL of the Web API through the proxy."""
        return f"http://127.0.0.1:{self._port}{self._path}"

    def go_up(self) -> None:
        """Listen on the port that `url` names."""
        self._loop.run(self._listen())

    def go_down(self) -> None:
        """Stop to listen, and close all connections."""
        self._loop.run(self._close())

    def __enter__(self) -> Self:
        """Reserve a port, and listen unless the proxy begins down."""
        self.go_up()
        if self._is_down:
            self.go_down()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close everything."""
        self.go_down()
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server:
            self._server.close()
            self._server = None
        await end_connections()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError):
                await self._forward(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        finally:
            writer.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward one connection. A client sends its next request after the last response."""
        target_reader, target_writer = await asyncio.open_connection(self._host, self._target_port)
        answers = asyncio.create_task(self._copy_answers(target_reader, writer))
        try:
            while chunk := await reader.read(READ_BYTES):
                breakage = self._breakage_of(chunk)
                if breakage == "before the call":
                    return
                if breakage == "after the call":
                    answers.cancel()
                    target_writer.write(chunk)
                    await target_reader.read(READ_BYTES)
                    return
                target_writer.write(chunk)
        finally:
            answers.cancel()
            target_writer.close()

    def _breakage_of(self, chunk: bytes) -> Breakage | None:
        """Return how the connection breaks, if this is the start of a request of such a method."""
        first_line = chunk.partition(b"\r\n")[0].decode(errors="replace")
        method = first_line.partition(self._path)[2].partition(" ")[0].partition("?")[0]
        breakage = self.breaks.get(method)
        if breakage:
            self.counts[method] += 1
        return breakage

    async def _copy_answers(
        self, target_reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):
            while chunk := await target_reader.read(READ_BYTES):
                writer.write(chunk)
                await writer.drain()
        writer.close()
