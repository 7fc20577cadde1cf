"""Messages of the outbox that are done and old, so that they can be deleted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage.row_id import require_id
from storage.tables import OutboxMessage, OutboxState

DONE_STATES = (OutboxState.SENT, OutboxState.MERGED, OutboxState.DROPPED)
"""States that nobody waits for. Failed and held messages stay until an operator decides."""


def done_before(session: Session, before: datetime, limit: int) -> Sequence[int]:
    """Return the ids of the oldest messages that were sent, merged or dropped before a time."""
    query = (
        select(OutboxMessage.id)
        .where(
            col(OutboxMessage.state).in_(DONE_STATES),
            col(OutboxMessage.sent_at) < before,
        )
        .order_by(col(OutboxMessage.id))
        .limit(limit)
    )
    return [require_id(row_id) for row_id in session.exec(query)]


def delete_done(session: Session, ids: Collection[int]) -> None:
    """Delete messages by id, unless an operator has queued them again meanwhile."""
    statement = delete(OutboxMessage).where(
        col(OutboxMessage.id).in_(ids), col(OutboxMessage.state).in_(DONE_STATES)
    )
    session.connection().execute(statement)
