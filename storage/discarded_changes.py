"""The end of a read: its changes are discarded, and its prepared statements are not."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session


def discard_changes(session: Session) -> None:
    """Roll back the transaction of a session on PostgreSQL, if it has one.

    psycopg forgets all prepared statements of a connection when it rolls back, in case that tables
    were created in the transaction. The server would then plan each statement of each read and
    write again, which takes longer than most of them run. So this rollback goes past psycopg, whose
    own one finds nothing left to do.
    """
    if session.in_transaction():
        driver: Any = session.connection().connection.driver_connection
        driver.pgconn.exec_(b"ROLLBACK")
