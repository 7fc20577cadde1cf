"""An HTTP server in a thread, for code that is not asynchronous."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from aiohttp import web
from aiohttp.test_utils import TestServer


@contextmanager
def serve(application: web.Application) -> Iterator[str]:
    """Serve an application on a free port of this machine; yield its URL without a slash."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = TestServer(application, loop=loop)
    try:
        asyncio.run_coroutine_threadsafe(server.start_server(), loop).result(10)
        yield str(server.make_url("")).rstrip("/")
    finally:
        asyncio.run_coroutine_threadsafe(server.close(), loop).result(10)
        asyncio.run_coroutine_threadsafe(_finish(loop), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _finish(loop: asyncio.AbstractEventLoop) -> None:
    """Let connections close that clients opened or left in the last moment."""
    tasks = asyncio.all_tasks(loop) - {asyncio.current_task(loop)}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0.01)
    await loop.shutdown_default_executor()
