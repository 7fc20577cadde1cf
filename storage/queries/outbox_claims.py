"""The queues of the outbox: which message of each recipient is next, claims and leases."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, exists, literal_column, or_, true, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.delayed_flush import delay_flush
from storage.prepared_statements import PreparedStatement
from storage.queries.outbox import IS_WAITING, WAITING_STATE
from storage.queries.workers import live_workers
from storage.tables import OutboxMessage, OutboxState

MAX_MERGED = 20
"""Later messages examined for merging with one message."""

LOWEST_PRIORITY = 2
"""Priority of messages that only update an older one; the number in `bot/messages`."""


@dataclass(frozen=True, slots=True)
class ClaimLimits:
    """How many messages may be claimed at once, and how many of them may be mere updates."""

    messages: int
    updates: int


@dataclass(frozen=True, slots=True)
class Lease:
    """How long a claim lasts, and the worker that makes it, None if no worker lock is held."""

    duration: timedelta
    worker: str | None = None


_other_message = aliased(OutboxMessage)

_COMES_BEFORE: ColumnElement[bool] = or_(
    col(_other_message.priority) < col(OutboxMessage.priority),
    and_(
        col(_other_message.priority) == col(OutboxMessage.priority),
        col(_other_message.id) < col(OutboxMessage.id),
    ),
)

_IS_BEING_DELIVERED: ColumnElement[bool] = and_(
    col(_other_message.priority) < literal_column(str(LOWEST_PRIORITY)),
    col(_other_message.leased_until) > bindparam("now"),
    col(_other_message.id) != col(OutboxMessage.id),
)
"""People may answer a message as soon as Slack has it, and the answer must come after our record.
An update of an older message delays nothing."""

_IS_FIRST_IN_QUEUE = ~exists().where(
    col(_other_message.state) == WAITING_STATE,
    col(_other_message.recipient) == col(OutboxMessage.recipient),
    or_(_COMES_BEFORE, _IS_BEING_DELIVERED),
)
"""The recipient has no more urgent and no older message waiting, and none is being delivered."""

_DUE_MESSAGES = (
    select(OutboxMessage)
    .where(
        IS_WAITING,
        col(OutboxMessage.due_at) <= bindparam("now"),
        _IS_FIRST_IN_QUEUE,
        col(OutboxMessage.id).not_in(bindparam("in_flight", expanding=True)),
    )
    .order_by(col(OutboxMessage.priority), col(OutboxMessage.due_at), col(OutboxMessage.id))
    .limit(bindparam("limit"))
    .with_for_update(of=OutboxMessage, skip_locked=True)
)

_LATER_MESSAGES = PreparedStatement(
    select(OutboxMessage.id, OutboxMessage.merge_key)
    .where(
        IS_WAITING,
        col(OutboxMessage.recipient) == bindparam("recipient"),
        col(OutboxMessage.priority) == bindparam("priority"),
        col(OutboxMessage.id) > bindparam("row"),
        col(OutboxMessage.leased_until).is_(None),
    )
    .order_by(col(OutboxMessage.id))
    .limit(MAX_MERGED)
)

_NEXT_DUE = PreparedStatement(
    select(OutboxMessage.due_at)
    .where(
        IS_WAITING,
        col(OutboxMessage.priority) <= bindparam("max_priority"),
        _IS_FIRST_IN_QUEUE,
    )
    .order_by(col(OutboxMessage.due_at))
    .limit(1)
)


def claim(
    session: Session,
    now: datetime,
    limits: ClaimLimits,
    lease: Lease,
    in_flight: Collection[int] = (),
) -> list[OutboxMessage]:
    """Claim due messages for delivery, the first of each recipient.

    Messages `in_flight` are still being delivered by the caller and are left out, however long that
    takes. A recipient's next message waits for the first, so that answers do not arrive before
    questions. After a crash the lease expires, and another process delivers the message.
    """
    delay_flush(session)
    parameters = {"now": now, "in_flight": list(in_flight), "limit": limits.messages}
    urgent: list[OutboxMessage] = []
    updates: list[OutboxMessage] = []
    for row in session.exec(_DUE_MESSAGES, params=parameters):
        (updates if row.priority == LOWEST_PRIORITY else urgent).append(row)
    rows = [_merge_later(session, row, now) for row in [*urgent, *updates[: limits.updates]]]
    for row in rows:
        row.due_at = row.leased_until = now + lease.duration
        row.worker = lease.worker
        row.attempts += 1
        session.add(row)
    return rows


def _merge_later(session: Session, row: OutboxMessage, now: datetime) -> OutboxMessage:
    """Mark messages as merged if a later one has their merge key; return the last of them.

    Messages that somebody waits for merge only with the next ones, so that their order stays.
    Updates also merge across others.
    """
    if row.merge_key is None:
        return row
    later_messages = _LATER_MESSAGES.rows(
        session, recipient=row.recipient, priority=row.priority, row=row.id
    )
    for later_id, merge_key in later_messages:
        if merge_key == row.merge_key:
            row.state, row.sent_at = OutboxState.MERGED, now
            session.add(row)
            row = session.get_one(OutboxMessage, later_id)
        elif row.priority != LOWEST_PRIORITY:
            break
    return row


def renew_leases(
    session: Session, in_flight: Collection[int], until: datetime, worker: str | None = None
) -> None:
    """Extend the leases of messages that the worker is still delivering."""
    delay_flush(session)
    statement = update(OutboxMessage).where(
        col(OutboxMessage.id).in_(in_flight),
        col(OutboxMessage.worker).is_not_distinct_from(worker),
        IS_WAITING,
        col(OutboxMessage.due_at) < until,
    )
    session.connection().execute(statement.values(due_at=until, leased_until=until))


def make_all_due(session: Session, now: datetime) -> None:
    """Make all waiting messages due, except those that are being delivered."""
    is_free = or_(col(OutboxMessage.leased_until).is_(None), col(OutboxMessage.leased_until) <= now)
    _make_due(session, now, is_free)


def shorten_leases(session: Session, now: datetime, lease: timedelta) -> None:
    """End leases that are longer than any can be: a clock that was wrong had set them."""
    until = now + lease
    statement = update(OutboxMessage).where(IS_WAITING, col(OutboxMessage.leased_until) > until)
    session.connection().execute(statement.values(due_at=until, leased_until=until))


def release_all_leases(session: Session, now: datetime) -> None:
    """Make all waiting messages due, because the process that had claimed them has stopped."""
    _make_due(session, now, true())


def release_abandoned_leases(session: Session, now: datetime) -> None:
    """Make the messages due that a worker had claimed whose lock is free: its process has ended."""
    is_claimed = and_(IS_WAITING, col(OutboxMessage.leased_until) > now)
    workers = session.exec(select(OutboxMessage.worker).where(is_claimed).distinct()).all()
    if not workers:
        return
    live = live_workers(session)  # read after the claims, so that it includes their workers
    ended = [worker for worker in workers if worker is not None and worker not in live]
    _make_due(session, now, and_(is_claimed, col(OutboxMessage.worker).in_(ended)))


def drop_late_updates(session: Session, before: datetime, now: datetime, reason: str) -> None:
    """Drop updates of older messages that were queued before a time and are not being delivered."""
    delay_flush(session)
    late = select(OutboxMessage.id).where(
        IS_WAITING,
        col(OutboxMessage.priority) == LOWEST_PRIORITY,
        col(OutboxMessage.created_at) <= before,
        col(OutboxMessage.leased_until).is_(None),
    )
    statement = update(OutboxMessage).where(
        col(OutboxMessage.id).in_(late.with_for_update(skip_locked=True))
    )
    values = {"state": OutboxState.DROPPED, "sent_at": now, "error": reason}
    session.connection().execute(statement.values(values))


def _make_due(session: Session, now: datetime, condition: ColumnElement[bool]) -> None:
    statement = update(OutboxMessage).where(IS_WAITING, col(OutboxMessage.due_at) > now, condition)
    session.connection().execute(statement.values(due_at=now, leased_until=None))


def next_due_at(
    session: Session, now: datetime, max_priority: int = LOWEST_PRIORITY
) -> datetime | None:
    """Return when the next message is due, None if none is waiting.

    Only the first message of each recipient counts; the others become due after it. Messages that
    are less urgent than `max_priority` do not count.
    """
    row = _NEXT_DUE.first(session, now=now, max_priority=max_priority)
    return row[0] if row else None
