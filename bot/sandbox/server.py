"""The HTTP and WebSocket server, on its own thread and event loop."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from typing import TypeVar

from aiohttp import web

from .avatars import avatar_response
from .control import add_control_routes
from .delivery.http import HttpTransport
from .errors import SandboxError
from .file_transfer import handle_download, handle_upload
from .message_responses import handle_response_url
from .methods import METHODS
from .methods.known_methods import KNOWN_METHODS
from .page import add_page_routes
from .web_api import handle_call
from .world import World

if sys.platform == "win32":
    from asyncio import new_event_loop
else:
    from uvloop import new_event_loop

HOST = "127.0.0.1"
"""Always the loopback address: the sandbox must not be reachable from other machines."""

MAX_BODY_BYTES = 100 * 1024**2
JOIN_TIMEOUT_SECONDS = 30.0

ITERATIONS_TO_START = 5
"""Iterations of the loop in which a connection that was just accepted starts its task."""

_NOT_RUNNING = "the sandbox is not running, or was called from its own thread"
_STOPPED = "the sandbox was stopped before the call finished"

T = TypeVar("T")


class Server:
    """Runs a world on its own thread and executes calls from other threads there."""

    def __init__(self, world: World, port: int) -> None:
        """Prepare to serve `world` on `port` of the loopback address; 0 takes any free port."""
        self.world = world
        self._port = port
        self._loop = new_event_loop()
        self._thread = threading.Thread(target=self._run_loop, name="sandbox", daemon=True)
        self._runner = web.AppRunner(
            _build_application(world), access_log=None, shutdown_timeout=0.1
        )
        self._http_transport: HttpTransport | None = None

    def start(self) -> str:
        """Start the server and return its URL.

        Raises:
            OSError: if the port is taken.
        """
        self._thread.start()
        try:
            return self.run_coroutine(self._start_site())
        except OSError:
            self._stop_thread()
            raise

    def stop(self) -> None:
        """Stop the server and its thread; does nothing if it is not running."""
        if self._thread.is_alive():
            self.run_coroutine(self._shut_down())
            self._stop_thread()

    def run_coroutine(self, coroutine: Coroutine[object, object, T]) -> T:
        """Run `coroutine` on the server's loop and return its result; call from other threads only.

        Raises:
            SandboxError: if the server is not running, stops meanwhile, or is the calling thread.
        """
        if threading.current_thread() is self._thread or not self._thread.is_alive():
            coroutine.close()
            raise SandboxError(_NOT_RUNNING)
        try:
            return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()
        except CancelledError:
            raise SandboxError(_STOPPED) from None

    def call(self, function: Callable[[], T]) -> T:
        """Call `function` on the server's loop and return its result."""

        async def call_function() -> T:
            return function()

        return self.run_coroutine(call_function())

    async def use_http_delivery(self, url: str) -> None:
        """Deliver by signed HTTP to `url` from now on."""
        previous = self._http_transport
        self._http_transport = HttpTransport(
            url, self.world.app.signing_secret, self.world.ack_timeout
        )
        self.world.transport = self._http_transport
        if previous:
            await previous.close()

    def _run_loop(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()

    async def _start_site(self) -> str:
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.world.url = f"http://{HOST}:{port}"
        self.world.scheduler.start()
        return self.world.url

    async def _shut_down(self) -> None:
        self.world.scheduler.stop()
        await self.world.cancel_tasks()
        await self.world.sockets.close()
        if self._http_transport:
            await self._http_transport.close()
        await self._runner.cleanup()
        for _ in range(ITERATIONS_TO_START):
            await asyncio.sleep(0)
        remaining = asyncio.all_tasks() - {asyncio.current_task()}
        for task in remaining:
            task.cancel()
        await asyncio.gather(*remaining, return_exceptions=True)
        await asyncio.sleep(0.01)  # a transport releases its socket after its task has ended

    def _stop_thread(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(JOIN_TIMEOUT_SECONDS)


def _build_application(world: World) -> web.Application:
    application = web.Application(client_max_size=MAX_BODY_BYTES)

    async def call(request: web.Request) -> web.StreamResponse:
        return await handle_call(world, METHODS, KNOWN_METHODS, request)

    async def respond(request: web.Request) -> web.StreamResponse:
        return await handle_response_url(world, request)

    async def upload(request: web.Request) -> web.StreamResponse:
        return await handle_upload(world, request)

    async def download(request: web.Request) -> web.StreamResponse:
        return await handle_download(world, request)

    async def show_avatar(request: web.Request) -> web.StreamResponse:
        return avatar_response(world, request)

    application.router.add_route("*", "/api/{method}", call)
    application.router.add_post("/response/{path:.+}", respond)
    application.router.add_post("/upload/v1/{key}", upload)
    application.router.add_get("/files-pri/{file}/{rest:.*}", download)
    application.router.add_get("/avatars/{user}-{size}.png", show_avatar)
    application.router.add_get("/link/", world.sockets.handle_connection)
    add_control_routes(application, lambda: world)
    add_page_routes(application, world)
    return application
