"""The HTTP and WebSocket server, on a thread and an event loop of its own."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from typing import TypeVar

from aiohttp import web

from bot.sandbox.answering import answer_response_url
from bot.sandbox.calling import answer_call
from bot.sandbox.control import add_control
from bot.sandbox.delivery.http import Poster
from bot.sandbox.errors import SandboxError
from bot.sandbox.methods import METHODS
from bot.sandbox.methods.known import KNOWN
from bot.sandbox.page import add_page
from bot.sandbox.storing import answer_download, answer_upload
from bot.sandbox.world import World

if sys.platform == "win32":
    from asyncio import new_event_loop
else:
    from uvloop import new_event_loop

HOST = "127.0.0.1"
"""Loopback, always: what happens here is nobody else's business."""

LARGEST_BODY = 100 * 1024**2
PATIENCE = 30.0

_NOBODY = "nobody can wait for a sandbox that does not run, nor the sandbox for itself"
_STOPPED = "the sandbox was stopped meanwhile"

T = TypeVar("T")


class Server:
    """Runs a world on its own thread, and lets other threads ask things of it."""

    def __init__(self, world: World, port: int) -> None:
        """Serve `world` on `port` of the loopback address; 0 takes any free one."""
        self.world = world
        self._port = port
        self._loop = new_event_loop()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._runner = web.AppRunner(_application(world), access_log=None, shutdown_timeout=0.1)
        self._poster: Poster | None = None

    def start(self) -> str:
        """Begin to serve and return the URL.

        Raises:
            OSError: if the port is taken.
        """
        self._thread.start()
        try:
            return self.run(self._open())
        except OSError:
            self._end()
            raise

    def stop(self) -> None:
        """Stop serving and end the thread; once is enough."""
        if self._thread.is_alive():
            self.run(self._close())
            self._end()

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Do `work` on the server's loop and return what came of it. For any other thread.

        Raises:
            SandboxError: if the server is not running, or stops meanwhile.
        """
        if threading.current_thread() is self._thread or not self._thread.is_alive():
            work.close()
            raise SandboxError(_NOBODY)
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except CancelledError:
            raise SandboxError(_STOPPED) from None

    def ask(self, question: Callable[[], T]) -> T:
        """Call `question` on the server's loop and return its answer."""

        async def answer() -> T:
            return question()

        return self.run(answer())

    async def deliver_to(self, url: str) -> None:
        """Send everything by signed HTTP to `url` from now on."""
        old = self._poster
        self._poster = Poster(url, self.world.app.signing_secret, self.world.ack_within)
        self.world.carrier = self._poster
        if old:
            await old.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()

    async def _open(self) -> str:
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.world.url = f"http://{HOST}:{port}"
        self.world.timetable.start()
        return self.world.url

    async def _close(self) -> None:
        self.world.timetable.stop()
        await self.world.settle()
        await self.world.sockets.close()
        if self._poster:
            await self._poster.close()
        await self._runner.cleanup()
        waiting = asyncio.all_tasks() - {asyncio.current_task()}
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)


def _application(world: World) -> web.Application:
    application = web.Application(client_max_size=LARGEST_BODY)

    async def call(request: web.Request) -> web.StreamResponse:
        return await answer_call(world, METHODS, KNOWN, request)

    async def respond(request: web.Request) -> web.StreamResponse:
        return await answer_response_url(world, request)

    async def upload(request: web.Request) -> web.StreamResponse:
        return await answer_upload(world, request)

    async def download(request: web.Request) -> web.StreamResponse:
        return await answer_download(world, request)

    application.router.add_route("*", "/api/{method}", call)
    application.router.add_post("/response/{path:.+}", respond)
    application.router.add_post("/upload/v1/{key}", upload)
    application.router.add_get("/files-pri/{file}/{rest:.*}", download)
    application.router.add_get("/link/", world.sockets.serve)
    add_control(application, lambda: world)
    add_page(application, world)
    return application
