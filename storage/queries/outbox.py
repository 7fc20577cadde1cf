"""The outbox: messages to Slack, queued with the change that causes them, and their outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, and_, bindparam, insert, literal_column, null, update
from sqlmodel import Session, col, func, select

from storage.bulk_insert import NewRows, dump_json, insert_rows, time_format
from storage.correlation import current_correlation_id
from storage.delayed_flush import delay_flush
from storage.notifications import QUEUED
from storage.prepared_statements import PreparedStatement, column_bindparams
from storage.pseudonyms import is_pseudonym
from storage.tables import OutboxMessage, OutboxState

_ENQUEUE = PreparedStatement(
    insert(OutboxMessage).values(
        column_bindparams(
            OutboxMessage, exclude=("id", "leased_until", "worker", "sent_at", "posted_at", "error")
        )
    )
)

WAITING_STATE: ColumnElement[str] = literal_column(f"'{OutboxState.WAITING}'")
"""A literal, not a parameter: otherwise SQLite would not use its partial index."""

UNDELIVERED_STATES: tuple[ColumnElement[str], ...] = tuple(
    literal_column(f"'{state}'")
    for state in (OutboxState.HELD, OutboxState.FAILED, OutboxState.DROPPED)
)
"""States of the index of messages that were not delivered."""

IS_WAITING = col(OutboxMessage.state) == WAITING_STATE

_IS_THIS_CLAIM = and_(
    col(OutboxMessage.id) == bindparam("row"),
    col(OutboxMessage.worker).is_not_distinct_from(bindparam("claimed_by")),
)
"""A bot that was frozen may continue after another one has claimed its message. Then the outcome
of the other one counts."""

_RECORD_OUTCOME = PreparedStatement(
    update(OutboxMessage)
    .where(_IS_THIS_CLAIM)
    .values(
        state=bindparam("new_state"),
        sent_at=bindparam("now"),
        posted_at=bindparam("post_time"),
        error=bindparam("error_text"),
        leased_until=null(),
    )
)

_RESCHEDULE = PreparedStatement(
    update(OutboxMessage)
    .where(_IS_THIS_CLAIM)
    .values(due_at=bindparam("until"), error=bindparam("error_text"), leased_until=null())
)

_RETURN_TO_QUEUE = PreparedStatement(
    update(OutboxMessage)
    .where(_IS_THIS_CLAIM)
    .values(
        due_at=bindparam("until"),
        attempts=col(OutboxMessage.attempts) - literal_column("1"),
        error=bindparam("error_text"),
        leased_until=null(),
    )
)

_HOLD = PreparedStatement(
    update(OutboxMessage)
    .where(_IS_THIS_CLAIM)
    .values(
        state=literal_column(f"'{OutboxState.HELD}'"),
        attempts=col(OutboxMessage.attempts) - literal_column("1"),
        error=bindparam("error_text"),
        leased_until=null(),
    )
)


_WAITING_MERGE_KEYS = PreparedStatement(
    select(OutboxMessage.merge_key).where(
        IS_WAITING,
        col(OutboxMessage.recipient) == bindparam("recipient"),
        col(OutboxMessage.priority) == bindparam("priority"),
        col(OutboxMessage.merge_key).is_not(None),
    )
)

_UPDATES_IN_DELIVERY = PreparedStatement(
    select(OutboxMessage.merge_key).where(
        IS_WAITING,
        col(OutboxMessage.recipient).in_((bindparam("person"), bindparam("channel"))),
        col(OutboxMessage.priority) > literal_column("0"),
        col(OutboxMessage.merge_key).is_not(None),
        col(OutboxMessage.leased_until).is_not(None),
    )
)


class OutboxEntry(Protocol):
    """What is stored of a message; the classes in `bot/messages` have it."""

    @property
    def message_type(self) -> str:
        """Return the stored name of the message type."""

    @property
    def urgency(self) -> int:
        """Return its priority; 0 is the most urgent."""

    @property
    def merge_key(self) -> str | None:
        """Return the key of the messages of which only the last is sent, None if each is sent."""

    def to_payload(self) -> dict[str, Any]:
        """Return its data as JSON."""

    def check_recipient(self, slack_id: str) -> None:
        """Raise unless such a message can be for this person or conversation."""


class NewMessage(NamedTuple):
    """A message to queue for a recipient; `response_url` belongs to the interaction it follows."""

    message: OutboxEntry
    recipient: str
    now: datetime
    response_url: str | None = None


def enqueue(
    session: Session,
    message: OutboxEntry,
    *,
    recipient: str,
    now: datetime,
    response_url: str | None = None,
) -> None:
    """Queue a message in the transaction of the change that caused it.

    A message to a person who was erased is dropped: there is nobody in Slack to get it.

    Raises:
        RecipientError: the message cannot be for this recipient. This is a bug.
    """
    if is_pseudonym(recipient):
        return
    message.check_recipient(recipient)
    session.info[QUEUED] = True
    _ENQUEUE.run(
        session,
        message_type=message.message_type,
        recipient=recipient,
        payload=message.to_payload(),
        priority=message.urgency,
        merge_key=message.merge_key,
        response_url=response_url,
        correlation_id=current_correlation_id(),
        state=OutboxState.WAITING,
        attempts=0,
        due_at=now,
        created_at=now,
    )


_NEW_COLUMNS = (
    *("message_type", "recipient", "payload", "priority", "merge_key", "response_url"),
    *("correlation_id", "due_at", "created_at"),
)


def enqueue_all(session: Session, messages: Sequence[tuple[NewMessage, str | None]]) -> None:
    """Queue many messages as `enqueue` does, each with its correlation id.

    Raises:
        RecipientError: a message cannot be for its recipient. This is a bug.
    """
    connection = session.connection()
    formatted = time_format(connection.dialect)
    rows: list[tuple[object, ...]] = []
    for (message, recipient, now, response_url), correlation_id in messages:
        if is_pseudonym(recipient):
            continue
        message.check_recipient(recipient)
        due_at = formatted(now)
        rows.append(
            (
                *(message.message_type, recipient, dump_json(message.to_payload())),
                *(message.urgency, message.merge_key, response_url),
                *(correlation_id, due_at, due_at),
            )
        )
    if rows:
        session.info[QUEUED] = True
        constants = {"state": OutboxState.WAITING, "attempts": 0}
        insert_rows(connection, NewRows(OutboxMessage, _NEW_COLUMNS, rows, constants))


def record_outcome(  # noqa: PLR0913 - one parameter for each column of an outcome
    session: Session,
    row_id: int,
    state: OutboxState,
    now: datetime,
    error: str | None = None,
    *,
    worker: str | None = None,
    has_posted: bool = False,
) -> bool:
    """Record the outcome of a delivery, and whether it posted a new message or file.

    Return False, and change nothing, if another worker has claimed the message since.
    """
    changed = _RECORD_OUTCOME.run(
        session,
        row=row_id,
        claimed_by=worker,
        new_state=state,
        now=now,
        post_time=now if has_posted else None,
        error_text=error,
    )
    return changed > 0


def reschedule(
    session: Session, row_id: int, until: datetime, error: str, *, worker: str | None = None
) -> None:
    """Delay the delivery of a message until `until`, with the error that caused it."""
    _RESCHEDULE.run(session, row=row_id, claimed_by=worker, until=until, error_text=error)


def return_to_queue(
    session: Session,
    row_id: int,
    until: datetime,
    error: str | None = None,
    *,
    worker: str | None = None,
) -> None:
    """Give up a claim without counting the attempt; the message is due again at `until`."""
    delay_flush(session)
    _RETURN_TO_QUEUE.run(session, row=row_id, claimed_by=worker, until=until, error_text=error)


def hold(session: Session, row_id: int, error: str, *, worker: str | None = None) -> None:
    """Hold a message that needs a scope the app does not have, without counting the attempt."""
    _HOLD.run(session, row=row_id, claimed_by=worker, error_text=error)


def release_held(session: Session, now: datetime) -> int:
    """Queue all messages again that wait for a scope; return how many."""
    statement = update(OutboxMessage).where(col(OutboxMessage.state) == OutboxState.HELD)
    result = session.connection().execute(
        statement.values(state=OutboxState.WAITING, due_at=now, error=None)
    )
    return result.rowcount


def waiting_merge_keys(session: Session, recipient: str, priority: int) -> set[str]:
    """Return the merge keys of a recipient's waiting messages of a priority."""
    rows = _WAITING_MERGE_KEYS.rows(session, recipient=recipient, priority=priority)
    return {merge_key for (merge_key,) in rows}


def updates_in_delivery(session: Session, person: str, channel: str) -> set[str]:
    """Return the merge keys of what is being delivered to a person or channel, but not awaited."""
    rows = _UPDATES_IN_DELIVERY.rows(session, person=person, channel=channel)
    return {merge_key for (merge_key,) in rows}


def count_waiting(session: Session) -> int:
    """Return how many messages are waiting."""
    query = select(func.count()).where(IS_WAITING)
    return session.exec(query).one()
