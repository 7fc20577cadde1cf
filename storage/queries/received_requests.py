"""Requests from Slack that took effect, so that a repeated delivery counts once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage.prepared_statements import PreparedStatement, column_bindparams
from storage.tables import ReceivedRequest

_INSERT = {
    name: PreparedStatement(
        insert(ReceivedRequest)
        .values(column_bindparams(ReceivedRequest))
        .on_conflict_do_nothing(index_elements=["key"])
    )
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}

_ANY_KEY = (
    select(ReceivedRequest.key)
    .where(col(ReceivedRequest.key).in_(bindparam("keys", expanding=True)))
    .limit(1)
)


def record_request(session: Session, key: str, now: datetime) -> bool:
    """Record a request; return False if it is recorded already.

    Of two transactions with the same key, the second waits until the first has ended.
    """
    statement = _INSERT[session.connection().dialect.name]
    return statement.run(session, key=key, received_at=now) == 1


def has_any(session: Session, keys: Sequence[str]) -> bool:
    """Return whether a request with one of these keys is recorded."""
    return session.exec(_ANY_KEY, params={"keys": list(keys)}).first() is not None


def has_older(session: Session, than: datetime) -> bool:
    """Return whether there are requests from before a time."""
    query = select(ReceivedRequest.key).where(col(ReceivedRequest.received_at) < than).limit(1)
    return session.exec(query).first() is not None


def delete_older(session: Session, than: datetime) -> None:
    """Delete the requests from before a time."""
    statement = delete(ReceivedRequest).where(col(ReceivedRequest.received_at) < than)
    session.connection().execute(statement)
