"""Notifications between the processes on one PostgreSQL (LISTEN and NOTIFY)."""

from __future__ import annotations

from sqlalchemy import Connection, text

CHANNEL = "labelbot_outbox"
"""Tells bots that messages are waiting."""

QUEUED = "has queued messages"
"""Key in `Session.info`, set by what queues a message or makes one due."""


def notify(connection: Connection) -> None:
    """Tell the bots that messages are waiting, when the transaction commits."""
    connection.execute(text(f"NOTIFY {CHANNEL}"))
