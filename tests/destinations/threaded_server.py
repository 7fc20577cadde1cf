"""An HTTP server in a thread, for code that is not asynchronous."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.background_loop import BackgroundLoop


@contextmanager
def serve(application: web.Application) -> Iterator[str]:
    """Serve an application on a free port of this machine; yield its URL without a slash."""
    loop = BackgroundLoop()
    server = TestServer(application)
    loop.stack.push_async_callback(server.close)
    try:
        loop.run(server.start_server())
        yield str(server.make_url("")).rstrip("/")
    finally:
        loop.close()
