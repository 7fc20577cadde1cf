"""IP addresses of a host, without blocking other work if no name server answers."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from ipaddress import ip_address
from threading import Thread

from bot.public_address import Address


async def resolve_host(host: str, port: int) -> list[Address]:
    """Return all IP addresses of a host.

    A name server that does not answer keeps a thread of its own busy, and no other work waits.

    Raises:
        OSError: the name has no address, or no name server answers.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[Address]] = loop.create_future()

    def finish(addresses: list[Address], error: OSError | None) -> None:
        if found.done():  # nobody waits any more
            return
        if error:
            found.set_exception(error)
        else:
            found.set_result(addresses)

    def look_up() -> None:
        addresses, error = [], None
        try:
            results = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = [ip_address(str(address[0]).partition("%")[0]) for *_, address in results]
        except (OSError, UnicodeError) as cause:  # a label of the name may be too long
            error = cause if isinstance(cause, OSError) else OSError(str(cause))
        with suppress(RuntimeError):  # the event loop has been closed
            loop.call_soon_threadsafe(finish, addresses, error)

    Thread(target=look_up, daemon=True, name="resolve").start()
    return await found
