"""Reading one state of the database with several statements."""

from __future__ import annotations

from sqlmodel import Session


def read_one_snapshot(session: Session) -> None:
    """Let every later statement of a session's transaction read the state of the first one.

    SQLite does so always; PostgreSQL with the isolation level "repeatable read". The session must
    not have read anything yet.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
