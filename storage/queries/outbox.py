"""The outbox: messages to Slack, delivered once and in order for each recipient."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, bindparam, exists, insert, literal_column, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from storage.prepared_statements import PreparedStatement, column_bindparams
from storage.tables import OutboxMessage, OutboxState

MAX_MERGED = 20
"""Later messages examined for merging with one message."""

_ENQUEUE = PreparedStatement(
    insert(OutboxMessage).values(
        column_bindparams(OutboxMessage, exclude=("id", "sent_at", "error"))
    )
)

_WAITING_STATE: ColumnElement[str] = literal_column(f"'{OutboxState.WAITING}'")
"""A literal, not a parameter: otherwise SQLite would not use its partial index."""

_IS_WAITING = col(OutboxMessage.state) == _WAITING_STATE

_earlier_message = aliased(OutboxMessage)

_IS_FIRST_IN_QUEUE = ~exists().where(
    col(_earlier_message.state) == _WAITING_STATE,
    col(_earlier_message.recipient) == col(OutboxMessage.recipient),
    col(_earlier_message.id) < col(OutboxMessage.id),
)
"""The recipient has no older waiting message; each recipient gets messages in order."""

_DUE_MESSAGES = (
    select(OutboxMessage)
    .where(
        _IS_WAITING,
        col(OutboxMessage.due_at) <= bindparam("now"),
        _IS_FIRST_IN_QUEUE,
        col(OutboxMessage.id).not_in(bindparam("in_flight", expanding=True)),
    )
    .order_by(col(OutboxMessage.due_at), col(OutboxMessage.id))
    .limit(bindparam("limit"))
    .with_for_update(of=OutboxMessage, skip_locked=True)
)

_LATER_MESSAGES = PreparedStatement(
    select(OutboxMessage.id, OutboxMessage.merge_key)
    .where(
        _IS_WAITING,
        col(OutboxMessage.recipient) == bindparam("recipient"),
        col(OutboxMessage.id) > bindparam("row"),
    )
    .order_by(col(OutboxMessage.id))
    .limit(MAX_MERGED)
)

_NEXT_DUE = PreparedStatement(
    select(OutboxMessage.due_at)
    .where(_IS_WAITING, _IS_FIRST_IN_QUEUE)
    .order_by(col(OutboxMessage.due_at))
    .limit(1)
)

_IS_THIS_MESSAGE = col(OutboxMessage.id) == bindparam("row")

_RECORD_OUTCOME = PreparedStatement(
    update(OutboxMessage)
    .where(_IS_THIS_MESSAGE)
    .values(state=bindparam("new_state"), sent_at=bindparam("now"), error=bindparam("error_text"))
)

_RESCHEDULE = PreparedStatement(
    update(OutboxMessage)
    .where(_IS_THIS_MESSAGE)
    .values(due_at=bindparam("until"), error=bindparam("error_text"))
)


class OutboxEntry(Protocol):
    """What is stored of a message; the classes in `bot/messages` have it."""

    @property
    def message_type(self) -> str:
        """Return the stored name of the message type."""

    @property
    def priority(self) -> int:
        """Return how urgent it is; 0 is the most urgent."""

    @property
    def merge_key(self) -> str | None:
        """Return the key of the messages of which only the last is sent, None if each is sent."""

    def to_payload(self) -> dict[str, Any]:
        """Return its data as JSON."""


def enqueue(
    session: Session,
    message: OutboxEntry,
    *,
    recipient: str,
    now: datetime,
    response_url: str | None = None,
) -> None:
    """Queue a message in the transaction of the change that caused it."""
    _ENQUEUE.run(
        session,
        message_type=message.message_type,
        recipient=recipient,
        payload=message.to_payload(),
        priority=message.priority,
        merge_key=message.merge_key,
        response_url=response_url,
        state=OutboxState.WAITING,
        attempts=0,
        due_at=now,
        created_at=now,
    )


def claim(
    session: Session, now: datetime, limit: int, lease: timedelta, in_flight: Collection[int] = ()
) -> list[OutboxMessage]:
    """Claim due messages for delivery, the oldest of each recipient, for `lease`.

    Messages `in_flight` are still being delivered by the caller and are left out, however long that
    takes. A recipient's next message waits for the first, so that answers do not arrive before
    questions. After a crash the lease expires, and another process delivers the message.
    """
    parameters = {"now": now, "in_flight": list(in_flight), "limit": limit}
    rows = [
        _merge_later(session, row, now) for row in session.exec(_DUE_MESSAGES, params=parameters)
    ]
    for row in rows:
        row.due_at = now + lease
        row.attempts += 1
        session.add(row)
    return rows


def _merge_later(session: Session, row: OutboxMessage, now: datetime) -> OutboxMessage:
    """Mark a message as merged if the next ones have its merge key; return the last of them."""
    if row.merge_key is None:
        return row
    for later_id, merge_key in _LATER_MESSAGES.rows(session, recipient=row.recipient, row=row.id):
        if merge_key != row.merge_key:
            break
        row.state, row.sent_at = OutboxState.MERGED, now
        session.add(row)
        row = session.get_one(OutboxMessage, later_id)
    return row


def renew_leases(session: Session, in_flight: Collection[int], until: datetime) -> None:
    """Extend the leases of messages that are still being delivered."""
    statement = update(OutboxMessage).where(
        col(OutboxMessage.id).in_(in_flight), _IS_WAITING, col(OutboxMessage.due_at) < until
    )
    session.connection().execute(statement.values(due_at=until))


def make_all_due(session: Session, now: datetime) -> None:
    """Make all messages due that a process had claimed or rescheduled before it stopped."""
    statement = (
        update(OutboxMessage).where(_IS_WAITING, col(OutboxMessage.due_at) > now).values(due_at=now)
    )
    session.connection().execute(statement)


def record_outcome(
    session: Session, row_id: int, state: OutboxState, now: datetime, error: str | None = None
) -> None:
    """Record the outcome of a delivery."""
    _RECORD_OUTCOME.run(session, row=row_id, new_state=state, now=now, error_text=error)


def reschedule(session: Session, row_id: int, until: datetime, error: str) -> None:
    """Delay the delivery of a message until `until`, with the error that caused it."""
    _RESCHEDULE.run(session, row=row_id, until=until, error_text=error)


def next_due_at(session: Session) -> datetime | None:
    """Return when the next message is due, None if none is waiting.

    Only the first message of each recipient counts; the others become due after it.
    """
    row = _NEXT_DUE.first(session)
    return row[0] if row else None


def count_waiting(session: Session) -> int:
    """Return how many messages are waiting."""
    query = select(func.count()).where(_IS_WAITING)
    return session.exec(query).one()
