"""Receives notifications of PostgreSQL. Only bots that use PostgreSQL import this module."""

from __future__ import annotations

from collections.abc import Callable

from psycopg import AsyncConnection
from psycopg import Error as PostgresqlError
from sqlalchemy import Engine

from storage.notifications import CHANNEL
from storage.worker_lock import KEEPALIVE_SETTINGS


async def listen(
    engine: Engine, on_ready: Callable[[], None], on_notify: Callable[[], None]
) -> None:
    """Call `on_ready` once, and `on_notify` for each notification, until the connection breaks.

    Raises:
        ConnectionError: the connection is lost or cannot be opened.
    """
    try:
        await _listen(engine, on_ready, on_notify)
    except PostgresqlError as error:
        raise ConnectionError from error


async def _listen(
    engine: Engine, on_ready: Callable[[], None], on_notify: Callable[[], None]
) -> None:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await AsyncConnection.connect(url, autocommit=True)
    async with connection:
        for name, value in KEEPALIVE_SETTINGS.items():
            await connection.execute(f"SET {name} = {value}".encode())
        await connection.execute(f"LISTEN {CHANNEL}".encode())
        on_ready()
        async for _ in connection.notifies():
            on_notify()
