"""Deliveries of events to webhooks: queued with the change that causes them, claimed and logged."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    null,
    or_,
)
from sqlalchemy import delete as delete_from
from sqlalchemy import select as select_columns
from sqlalchemy import update as update_table
from sqlmodel import Session, col, select

from storage.correlation import current_correlation_id
from storage.notifications import QUEUED
from storage.prepared_statements import PreparedStatement
from storage.queries import webhooks
from storage.row_id import require_id
from storage.tables import Task, Webhook, WebhookDelivery, WebhookDeliveryState

EVENT_ID_BYTES = 16

NO_TASK = 0
"""Stands for the task of an event that is not an answer."""

IS_WAITING: ColumnElement[bool] = col(WebhookDelivery.state) == literal_column(
    f"'{WebhookDeliveryState.WAITING}'"
)
"""A literal, not a parameter: otherwise SQLite would not use its partial index."""

_COLUMNS = {
    name: bindparam(name, type_=WebhookDelivery.__table__.c[name].type)  # type: ignore[attr-defined]  # SQLModel hides it
    for name in (
        *("event_id", "event_type", "campaign_id", "subject", "correlation_id", "state"),
        *("attempts", "happened_at", "queued_at", "due_at"),
    )
}

_QUEUE = PreparedStatement(
    insert(WebhookDelivery).from_select(
        ["webhook_id", *_COLUMNS],
        select_columns(col(Webhook.id), *_COLUMNS.values()).where(
            col(Webhook.id) == bindparam("webhook"),
            col(Webhook.disabled_at).is_(None),
            or_(
                bindparam("answered_task", type_=Integer()) == NO_TASK,
                exists().where(
                    col(Task.id) == bindparam("answered_task", type_=Integer()),
                    col(Task.confirms_assignment_id).is_(None),
                ),
            ),
        ),
    )
)
"""The webhook is looked up again: another process may have removed or disabled it meanwhile.

An answer to a repeat, to a practice question or to a confirmation is no event.
"""


class QueuedEvent(Protocol):
    """What is stored of an event; the classes in `bot/webhooks/events.py` have it."""

    @property
    def event_type(self) -> str:
        """Return the name of the event."""

    def to_subject(self) -> dict[str, Any]:
        """Return its references as JSON."""


def new_event_id() -> str:
    """Return an id that no other event has, also of another database."""
    return f"evt_{token_hex(EVENT_ID_BYTES)}"


def queue_event(
    session: Session,
    event: QueuedEvent,
    *,
    campaign_id: int,
    now: datetime,
    answered_task: int = NO_TASK,
) -> None:
    """Queue an event for each webhook that wants it, in the transaction of what caused it.

    `answered_task` is the task that was answered, if the event is an answer.
    """
    wanting = webhooks.wanting(session, event.event_type, campaign_id)
    event_id = new_event_id() if wanting else ""
    for webhook_id in wanting:
        session.info[QUEUED] = True
        _QUEUE.run(
            session,
            webhook=webhook_id,
            event_id=event_id,
            event_type=event.event_type,
            campaign_id=campaign_id,
            subject=event.to_subject(),
            correlation_id=current_correlation_id(),
            state=WebhookDeliveryState.WAITING,
            attempts=0,
            happened_at=now,
            queued_at=now,
            due_at=now,
            answered_task=answered_task,
        )


def add_finished(session: Session, delivery: WebhookDelivery) -> None:
    """Add a delivery that was made already to the log."""
    session.add(delivery)
    session.flush()


def fail_waiting(session: Session, webhook_id: int, reason: str, now: datetime) -> int:
    """Give up what waits for a webhook and is not being sent; return how many deliveries."""
    statement = update_table(WebhookDelivery).where(
        IS_WAITING,
        col(WebhookDelivery.webhook_id) == webhook_id,
        col(WebhookDelivery.leased_until).is_(None),
    )
    values = {"state": WebhookDeliveryState.FAILED, "finished_at": now, "error": reason}
    return session.connection().execute(statement.values(values)).rowcount


def queue_again(
    session: Session, webhook_id: int, ids: Collection[int] | None, now: datetime
) -> list[int]:
    """Queue finished deliveries again, None: all that failed; return the ids of those queued."""
    is_wanted = (
        col(WebhookDelivery.state) == WebhookDeliveryState.FAILED
        if ids is None
        else and_(col(WebhookDelivery.id).in_(ids), ~IS_WAITING)
    )
    statement = (
        update_table(WebhookDelivery)
        .where(col(WebhookDelivery.webhook_id) == webhook_id, is_wanted)
        .values(
            state=WebhookDeliveryState.WAITING,
            attempts=0,
            queued_at=now,
            due_at=now,
            leased_until=null(),
            worker=null(),
            finished_at=null(),
            status=null(),
            error=null(),
        )
        .returning(col(WebhookDelivery.id))
    )
    session.info[QUEUED] = True
    return sorted(map(require_id, session.connection().execute(statement).scalars()))


def list_deliveries(
    session: Session,
    webhook_id: int,
    states: Collection[str],
    limit: int,
    *,
    before: int | None = None,
) -> Sequence[WebhookDelivery]:
    """Return the newest deliveries to a webhook in some states (empty: all), newest first."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    if states:
        query = query.where(col(WebhookDelivery.state).in_(states))
    if before is not None:
        query = query.where(col(WebhookDelivery.id) < before)
    return session.exec(query.order_by(col(WebhookDelivery.id).desc()).limit(limit)).all()


def counts_by_state(session: Session) -> dict[tuple[int, str], int]:
    """Count all deliveries by webhook and state."""
    columns = col(WebhookDelivery.webhook_id), col(WebhookDelivery.state)
    query = select_columns(*columns, func.count()).group_by(*columns)
    return {
        (webhook, state): count for webhook, state, count in session.connection().execute(query)
    }


def finished_before(session: Session, before: datetime, limit: int) -> Sequence[int]:
    """Return the ids of up to `limit` deliveries that were finished before a time."""
    query = select(WebhookDelivery.id).where(col(WebhookDelivery.finished_at) < before).limit(limit)
    return [require_id(number) for number in session.exec(query)]


def delete(session: Session, ids: Collection[int]) -> None:
    """Delete finished deliveries; one that was queued again meanwhile stays."""
    statement = delete_from(WebhookDelivery).where(col(WebhookDelivery.id).in_(ids), ~IS_WAITING)
    session.connection().execute(statement)
