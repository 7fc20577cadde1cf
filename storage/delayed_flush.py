"""Commits that need not survive a crash of the server."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Session

_DELAY_FLUSH = text("SET LOCAL synchronous_commit TO OFF")


def delay_flush(session: Session) -> None:
    """Let PostgreSQL commit this transaction before it is flushed to the disk.

    Only for claims and due times: if they are lost in a crash of the server, messages are due
    earlier than they were. SQLite commits many transactions with one flush.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_DELAY_FLUSH)
