"""Messages that are queued, held, failed or dropped, and what operators do to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, select

from storage.queries.outbox import IS_WAITING, UNDELIVERED_STATES
from storage.row_id import require_id
from storage.tables import OutboxMessage, OutboxState

RETRYABLE_STATES = (OutboxState.HELD, OutboxState.FAILED, OutboxState.DROPPED)
DROPPABLE_STATES = (OutboxState.WAITING, OutboxState.HELD, OutboxState.FAILED)

_IS_UNDELIVERED = col(OutboxMessage.state).in_(UNDELIVERED_STATES)


def list_messages(
    session: Session, states: Sequence[OutboxState], limit: int
) -> Sequence[OutboxMessage]:
    """Return the newest messages in some of the states waiting, held, failed and dropped."""
    query = (
        select(OutboxMessage)
        .where(_is_in(states))
        .order_by(col(OutboxMessage.id).desc())
        .limit(limit)
    )
    return session.exec(query).all()


def ids_in(session: Session, states: Sequence[OutboxState]) -> list[int]:
    """Return the ids of all messages in these states."""
    query = select(OutboxMessage.id).where(_is_in(states))
    return [require_id(row_id) for row_id in session.exec(query)]


def retry_messages(session: Session, ids: Collection[int], now: datetime) -> list[int]:
    """Queue messages again as if they were new; return the ids of those that were not delivered.

    They no longer replace the message of an interaction, whose response_url has expired.
    """
    return _change(
        session,
        ids,
        RETRYABLE_STATES,
        state=OutboxState.WAITING,
        attempts=0,
        due_at=now,
        created_at=now,
        sent_at=None,
        error=None,
        response_url=None,
    )


def drop_messages(session: Session, ids: Collection[int], now: datetime) -> list[int]:
    """Drop messages; return the ids of those that were waiting, held or failed."""
    return _change(
        session, ids, DROPPABLE_STATES, state=OutboxState.DROPPED, sent_at=now, leased_until=None
    )


def _change(
    session: Session, ids: Collection[int], states: Sequence[OutboxState], **values: object
) -> list[int]:
    is_concerned = col(OutboxMessage.id).in_(ids), col(OutboxMessage.state).in_(states)
    concerned = select(OutboxMessage.id).where(*is_concerned).with_for_update()
    changed = sorted(require_id(row_id) for row_id in session.exec(concerned))
    session.connection().execute(update(OutboxMessage).where(*is_concerned).values(**values))
    return changed


def _is_in(states: Sequence[OutboxState]) -> ColumnElement[bool]:
    undelivered = [state for state in states if state != OutboxState.WAITING]
    is_undelivered = _IS_UNDELIVERED & col(OutboxMessage.state).in_(undelivered)
    return or_(IS_WAITING, is_undelivered) if OutboxState.WAITING in states else is_undelivered
