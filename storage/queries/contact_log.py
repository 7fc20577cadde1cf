"""Messages of the outbox that were posted to a person, for the contact log."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import Session, col, func, select

from storage.tables import OutboxMessage


def posted_messages(
    session: Session, recipients: Collection[str], limit: int, before: int | None = None
) -> Sequence[OutboxMessage]:
    """Return the newest messages that were posted to a person, who has these ids.

    With `before`, those before the message with that id: none if it was deleted, because messages
    are deleted from the oldest on.
    """
    query = (
        select(OutboxMessage)
        .where(
            col(OutboxMessage.recipient).in_(recipients), col(OutboxMessage.posted_at).is_not(None)
        )
        .where(*([] if before is None else [_is_before(session.get(OutboxMessage, before))]))
        .order_by(col(OutboxMessage.posted_at).desc(), col(OutboxMessage.id).desc())
        .limit(limit)
    )
    return session.exec(query).all()


def _is_before(message: OutboxMessage | None) -> ColumnElement[bool]:
    """Return the condition that a message was posted before another one."""
    if message is None or message.posted_at is None:
        return false()
    posted_at = col(OutboxMessage.posted_at)
    is_same_time = and_(posted_at == message.posted_at, col(OutboxMessage.id) < message.id)
    return or_(posted_at < message.posted_at, is_same_time)


def count_posted(session: Session, recipients: Collection[str]) -> int:
    """Return how many messages were posted to a person and are not yet deleted."""
    query = select(func.count()).where(
        col(OutboxMessage.recipient).in_(recipients), col(OutboxMessage.posted_at).is_not(None)
    )
    return session.exec(query).one()
