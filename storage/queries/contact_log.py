"""Messages of the outbox that were posted to a person, for the contact log."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, func, select

from storage.tables import OutboxMessage


def posted_messages(
    session: Session, recipients: Collection[str], limit: int
) -> Sequence[OutboxMessage]:
    """Return the newest messages that were posted to a person, who has these ids."""
    query = (
        select(OutboxMessage)
        .where(
            col(OutboxMessage.recipient).in_(recipients), col(OutboxMessage.posted_at).is_not(None)
        )
        .order_by(col(OutboxMessage.posted_at).desc(), col(OutboxMessage.id).desc())
        .limit(limit)
    )
    return session.exec(query).all()


def count_posted(session: Session, recipients: Collection[str]) -> int:
    """Return how many messages were posted to a person and are not yet deleted."""
    query = select(func.count()).where(
        col(OutboxMessage.recipient).in_(recipients), col(OutboxMessage.posted_at).is_not(None)
    )
    return session.exec(query).one()
