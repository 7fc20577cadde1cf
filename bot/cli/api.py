"""`labelbot api`: the HTTP API, in a process alongside the bot."""

from __future__ import annotations

import gc
import logging
import os
import socket
from typing import Annotated

import typer

from bot.api.app import PREFIX, build_app, openapi_document_of_routes
from bot.api.call import ApiContext
from bot.api.rate_limit import RateLimit
from bot.api.server import build_server
from bot.cli.database import open_database
from bot.cli.output import print_json, print_note
from bot.clock import WallClock
from bot.errors import BotError
from bot.settings import load_storage_settings

app = typer.Typer(add_completion=False)

DEFAULT_PORT = 8081
DEFAULT_RATE = 600

NICENESS = 5
"""How far the API gives way to the bot: where the processor is busy, answers go first."""


class ApiPortError(BotError):
    """The API cannot listen on {address}: {reason}. Choose another address: --host and --port."""


@app.command(epilog="Example: labelbot api --port 8081")
def api(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = DEFAULT_PORT,
    rate: Annotated[
        int, typer.Option(help="Most requests of a key in a minute.", min=1, max=1_000_000)
    ] = DEFAULT_RATE,
    openapi: Annotated[
        bool, typer.Option("--openapi", help="Print the OpenAPI document and exit.")
    ] = False,
) -> None:
    """Run the HTTP API until it is stopped. It runs alongside the bot and uses the same database.

    It has no encryption of its own: listen on other than local addresses only behind a proxy.
    """
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if openapi:
        print_json(openapi_document_of_routes())
        return
    with open_database() as database, _listen(host, port) as listener:
        context = ApiContext(database, WallClock(), load_storage_settings(), RateLimit(rate))
        gc.freeze()
        os.nice(NICENESS)
        address = f"http://{host}:{listener.getsockname()[1]}{PREFIX}"
        print_note(f"The HTTP API is running: {address}.")
        build_server(build_app(context), host, port, fd=listener.fileno()).run()


def _listen(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises:
        ApiPortError: the address cannot be used.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        address = f"{host}:{port}"
        raise ApiPortError(address=address, reason=error.strerror or error) from error
