"""The server process: the application on an address, until it is stopped."""

from __future__ import annotations

import uvicorn
from fastapi import FastAPI

MAX_CONNECTIONS = 200
"""Requests at the same time; others are answered with status 503."""

SHUTDOWN_SECONDS = 10
"""How long requests in progress may take when the server stops."""


class ApiServer(uvicorn.Server):
    """Stops on SIGTERM and Ctrl-C, and lets the process exit with 0, as the bot does.

    uvicorn would end the process by the same signal.
    """

    def handle_exit(self, *_signal: object) -> None:
        """Finish the requests in progress; a second signal stops them."""
        self.force_exit = self.should_exit
        self.should_exit = True


def build_server(app: FastAPI, host: str, port: int, *, fd: int | None = None) -> ApiServer:
    """Return a server for the application. No log has a header, so no key is logged."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        fd=fd,
        access_log=False,
        log_level="warning",
        server_header=False,
        ws="none",
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    return ApiServer(config)
