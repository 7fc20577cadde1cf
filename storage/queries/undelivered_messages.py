"""Messages that are queued, held, failed or dropped, and what operators do to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session, col, select

from storage.notifications import QUEUED
from storage.queries.outbox import IS_WAITING, UNDELIVERED_STATES
from storage.row_id import require_id
from storage.tables import OutboxMessage, OutboxState

RETRYABLE_STATES = (OutboxState.HELD, OutboxState.FAILED, OutboxState.DROPPED)
DROPPABLE_STATES = (OutboxState.WAITING, OutboxState.HELD, OutboxState.FAILED)

BATCH_SIZE = 10_000
"""Ids in one statement: SQLite allows 32,766 parameters, PostgreSQL 65,535."""

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


def retry_messages(session: Session, ids: Collection[int] | None, now: datetime) -> list[int]:
    """Queue messages again as if they were new; without ids, all that are held or failed.

    They no longer replace the message of an interaction, whose response_url has expired. Return
    the ids of those that were not delivered.
    """
    session.info[QUEUED] = True
    return _change(
        session,
        ids,
        (OutboxState.HELD, OutboxState.FAILED) if ids is None else RETRYABLE_STATES,
        state=OutboxState.WAITING,
        attempts=0,
        due_at=now,
        created_at=now,
        sent_at=None,
        error=None,
        response_url=None,
    )


def drop_messages(session: Session, ids: Collection[int] | None, now: datetime) -> list[int]:
    """Drop messages, without ids all that failed; return the ids of those that were not sent."""
    states = (OutboxState.FAILED,) if ids is None else DROPPABLE_STATES
    return _change(session, ids, states, state=OutboxState.DROPPED, sent_at=now, leased_until=None)


def _change(
    session: Session,
    ids: Collection[int] | None,
    states: Sequence[OutboxState],
    **values: object,
) -> list[int]:
    """Change messages in these states; without ids, all of them. Return their ids."""
    statement = update(OutboxMessage).where(_is_in(states)).values(**values)
    statement = statement.returning(col(OutboxMessage.id))
    if ids is None:
        return _run(session, statement)
    wanted = sorted(ids)
    batches = (wanted[first : first + BATCH_SIZE] for first in range(0, len(wanted), BATCH_SIZE))
    return [
        row_id
        for batch in batches
        for row_id in _run(session, statement.where(col(OutboxMessage.id).in_(batch)))
    ]


def _run(session: Session, statement: ReturningUpdate[int | None]) -> list[int]:
    return sorted(map(require_id, session.connection().execute(statement).scalars()))


def _is_in(states: Sequence[OutboxState]) -> ColumnElement[bool]:
    undelivered = [state for state in states if state != OutboxState.WAITING]
    is_undelivered = _IS_UNDELIVERED & col(OutboxMessage.state).in_(undelivered)
    return or_(IS_WAITING, is_undelivered) if OutboxState.WAITING in states else is_undelivered
