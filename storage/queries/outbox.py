"""The outbox: what is to be said, in order, once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, insert, literal_column, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from storage.prepared_statements import PreparedStatement, column_bindparams
from storage.tables import OutboxMessage, OutboxState

MERGEABLE_TYPES = ("turn", "piece")
"""Words that draw the state of now: of several that wait for one message, the last says it all."""

MAX_MERGED = 20

_ENQUEUE = PreparedStatement(
    insert(OutboxMessage).values(
        column_bindparams(OutboxMessage, exclude=("id", "sent_at", "error"))
    )
)

_WAITING_STATE: ColumnElement[str] = literal_column(f"'{OutboxState.WAITING}'")
"""A literal word, not a parameter: only so does SQLite see that its partial index serves."""

_IS_WAITING = col(OutboxMessage.state) == _WAITING_STATE

_earlier_message = aliased(OutboxMessage)

_IS_FIRST_IN_QUEUE = ~exists().where(
    col(_earlier_message.state) == _WAITING_STATE,
    col(_earlier_message.recipient) == col(OutboxMessage.recipient),
    col(_earlier_message.id) < col(OutboxMessage.id),
)
"""Nothing that waits in its lane is older: each lane is said in order."""

_DUE_MESSAGES = (
    select(OutboxMessage)
    .where(
        _IS_WAITING,
        col(OutboxMessage.due_at) <= bindparam("now"),
        _IS_FIRST_IN_QUEUE,
        col(OutboxMessage.id).not_in(bindparam("in_hand", expanding=True)),
    )
    .order_by(col(OutboxMessage.due_at), col(OutboxMessage.id))
    .limit(bindparam("most"))
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
    .values(state=bindparam("to"), sent_at=bindparam("at"), error=bindparam("why"))
)

_RESCHEDULE = PreparedStatement(
    update(OutboxMessage)
    .where(_IS_THIS_MESSAGE)
    .values(due_at=bindparam("until"), error=bindparam("why"))
)


def enqueue(  # noqa: PLR0913 - they are the columns
    session: Session,
    message_type: str,
    *,
    recipient: str,
    payload: dict[str, Any],
    now: datetime,
    response_url: str | None = None,
) -> None:
    """Queue something to be said, in the transaction of the fact that caused it."""
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
    """Take what is due, the oldest of each lane, and hold it for `lease` while it is delivered.

    What is `in_hand` is being delivered by the caller and left out, however long that takes.

    A lane's next message waits for its first, so that nobody reads answers before questions. After
    a crash the lease runs out and the message is delivered by whoever looks next.
    """
    parameters = {"now": now, "in_hand": list(in_flight), "most": limit}
    rows = [
        _merge_later(session, row, now) for row in session.exec(_DUE_MESSAGES, params=parameters)
    ]
    for row in rows:
        row.due_at = now + lease
        row.attempts += 1
        session.add(row)
    return rows


def _merge_later(session: Session, row: OutboxMessage, now: datetime) -> OutboxMessage:
    """Return the last of the waiting rows that would draw the same message one after the other."""
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
    """Hold what is still being delivered for longer."""
    statement = update(OutboxMessage).where(
        col(OutboxMessage.id).in_(in_flight), _IS_WAITING, col(OutboxMessage.due_at) < until
    )
    session.connection().execute(statement.values(due_at=until))


def make_all_due(session: Session, now: datetime) -> None:
    """Let everything be tried at once that a process held or postponed before it stopped."""
    statement = (
        update(OutboxMessage).where(_IS_WAITING, col(OutboxMessage.due_at) > now).values(due_at=now)
    )
    session.connection().execute(statement)


def record_outcome(
    session: Session, row_id: int, state: OutboxState, now: datetime, error: str | None = None
) -> None:
    """Write down what became of a message."""
    _RECORD_OUTCOME.run(session, row=row_id, to=state, at=now, why=error)


def reschedule(session: Session, row_id: int, until: datetime, error: str) -> None:
    """Let a message wait until `until`."""
    _RESCHEDULE.run(session, row=row_id, until=until, why=error)


def next_due_at(session: Session) -> datetime | None:
    """Return when the next message is due, None if nothing waits.

    Those behind the first of their lane do not count: they are due only after it.
    """
    row = _NEXT_DUE.first(session)
    return row[0] if row else None


def count_waiting(session: Session) -> int:
    """Return how many messages wait."""
    query = select(func.count()).where(_IS_WAITING)
    return session.exec(query).one()
