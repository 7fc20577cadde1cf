"""Notifications between the processes on one PostgreSQL (LISTEN and NOTIFY)."""

from __future__ import annotations

from collections.abc import Callable

from psycopg import AsyncConnection
from sqlalchemy import Connection, Engine, text

from storage.worker_lock import KEEPALIVE_SETTINGS

CHANNEL = "labelbot_outbox"
"""Tells bots that messages are waiting."""

QUEUED = "has queued messages"
"""Key in `Session.info`, set by what queues a message or makes one due."""


def notify(connection: Connection) -> None:
    """Tell the bots that messages are waiting, when the transaction commits."""
    connection.execute(text(f"NOTIFY {CHANNEL}"))


async def listen(
    engine: Engine, on_ready: Callable[[], None], on_notify: Callable[[], None]
) -> None:
    """Call `on_ready` once, and `on_notify` for each notification, until the connection breaks.

    Raises:
        OperationalError: the connection is lost or cannot be opened.
    """
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await AsyncConnection.connect(url, autocommit=True)
    async with connection:
        for name, value in KEEPALIVE_SETTINGS.items():
            await connection.execute(f"SET {name} = {value}".encode())
        await connection.execute(f"LISTEN {CHANNEL}".encode())
        on_ready()
        async for _ in connection.notifies():
            on_notify()
