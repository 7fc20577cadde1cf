"""`labelbot mcp`: the MCP server for agents, as a client of the HTTP API."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated

import typer

from bot.client import AsyncLabelbotClient, UnusableAddressError, UnusableKeyError
from bot.client.connection import parse_address, parse_key
from bot.errors import BotError
from bot.mcp_server import build_mcp_server

app = typer.Typer(add_completion=False)

KEY_VARIABLE = "LABELBOT_API_KEY"


class NoApiKeyError(BotError):
    """{variable} has no key. Set it to one that labelbot keys create printed."""


def parse_url(text: str) -> str:
    """Return the address of an API.

    Raises:
        BadParameter: it is none.
    """
    try:
        return parse_address(text)
    except UnusableAddressError as error:
        raise typer.BadParameter(str(error)) from None


@app.command(epilog="Example: labelbot mcp --url http://127.0.0.1:8081")
def mcp(
    *,
    url: Annotated[
        str,
        typer.Option(
            parser=parse_url,
            metavar="URL",
            help="Address of the HTTP API, which labelbot api runs.",
        ),
    ] = "http://127.0.0.1:8081",
) -> None:
    """Run the MCP server on standard input and output, until the agent closes them.

    The environment variable LABELBOT_API_KEY is its key of the HTTP API.
    """
    try:
        key = parse_key(os.environ.get(KEY_VARIABLE, ""))
    except UnusableKeyError:
        raise NoApiKeyError(variable=KEY_VARIABLE) from None
    asyncio.run(_serve(url, key))


async def _serve(url: str, key: str) -> None:
    async with AsyncLabelbotClient(url, key) as labelbot:
        await build_mcp_server(labelbot).run_stdio_async()
