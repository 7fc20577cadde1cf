"""The outbox: messages to Slack, delivered once and in order for each recipient."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, insert, literal_column, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from storage.prepared_statements import PreparedStatement, column_bindparams
from storage.tables import OutboxMessage, OutboxState

MERGEABLE_TYPES = ("task_page", "draft_status")
"""Types that show the current state: of several for the same message, only the last is sent."""

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
    select(OutboxMessage.id)
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


def enqueue(  # noqa: PLR0913 - one parameter per column
    session: Session,
    message_type: str,
    *,
    recipient: str,
    payload: dict[str, Any],
    now: datetime,
    response_url: str | None = None,
) -> None:
    """Queue a message in the transaction of the change that caused it."""
    _ENQUEUE.run(
        session,
        message_type=message_type,
        recipient=recipient,
        payload=payload,
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
    """Mark a message as merged if later ones update the same Slack message; return the last."""
    if row.message_type not in MERGEABLE_TYPES:
        return row
    for later in _later_messages(session, row):
        if later.message_type != row.message_type or _message_key(later) != _message_key(row):
            break
        row.state, row.sent_at = OutboxState.MERGED, now
        session.add(row)
        row = later
    return row


def _message_key(row: OutboxMessage) -> tuple[object, object]:
    return row.payload.get("channel"), row.payload.get("message_ts")


def _later_messages(session: Session, row: OutboxMessage) -> list[OutboxMessage]:
    later = _LATER_MESSAGES.rows(session, recipient=row.recipient, row=row.id)
    return [session.get_one(OutboxMessage, row_id) for (row_id,) in later]


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
