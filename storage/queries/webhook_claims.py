"""Claims of deliveries to webhooks: what is due, leases, and what came out of an attempt."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, func, null, or_
from sqlalchemy import select as select_columns
from sqlalchemy import update as update_table
from sqlmodel import Session, col, select

from storage.queries.outbox_claims import Lease
from storage.queries.webhook_deliveries import IS_WAITING
from storage.queries.workers import live_workers
from storage.row_id import require_id
from storage.tables import Webhook, WebhookDelivery


class ClaimedDelivery(NamedTuple):
    """A delivery that this process makes now, with its webhook as it was when it was claimed."""

    delivery: WebhookDelivery
    webhook: Webhook


class DueTime(NamedTuple):
    """When the next delivery to a webhook is due, and the attempts that have failed in a row."""

    due_at: datetime | None
    failures: int


_NEXT_DUE = (
    select_columns(func.min(WebhookDelivery.due_at))
    .where(IS_WAITING, col(WebhookDelivery.webhook_id) == col(Webhook.id))
    .scalar_subquery()
)
"""One look into the index for each webhook, however much is waiting."""


def due_times(session: Session) -> dict[int, DueTime]:
    """Return when the next delivery is due, by webhook that is not disabled; None: none waits."""
    query = select_columns(
        col(Webhook.id), _NEXT_DUE, col(Webhook.retry_at), col(Webhook.failures)
    ).where(col(Webhook.disabled_at).is_(None))
    return {
        require_id(number): DueTime(due_at and max(due_at, retry_at or due_at), failures)
        for number, due_at, retry_at, failures in session.connection().execute(query)
    }


def claim(
    session: Session,
    now: datetime,
    lease: Lease,
    slots: dict[int, int],
    in_flight: Collection[int] = (),
) -> list[ClaimedDelivery]:
    """Claim due deliveries, for each webhook at most as many as it has slots, the oldest first.

    The lease is longer than an attempt can take. If the process dies, another one makes it then.
    """
    claimed: list[ClaimedDelivery] = []
    for webhook_id, count in slots.items():
        webhook = session.get(Webhook, webhook_id, populate_existing=True)
        if webhook is None or webhook.disabled_at or (webhook.retry_at and webhook.retry_at > now):
            continue
        for delivery in session.exec(_due_deliveries(webhook_id, now, count, in_flight)).all():
            delivery.due_at = delivery.leased_until = now + lease.duration
            delivery.worker, delivery.attempts = lease.worker, delivery.attempts + 1
            session.add(delivery)
            claimed.append(ClaimedDelivery(delivery, webhook))
    session.flush()
    return claimed


def _due_deliveries(webhook_id: int, now: datetime, count: int, in_flight: Collection[int]) -> Any:  # noqa: ANN401 - a query of SQLModel
    return (
        select(WebhookDelivery)
        .where(
            IS_WAITING,
            WebhookDelivery.webhook_id == webhook_id,
            col(WebhookDelivery.due_at) <= now,
            col(WebhookDelivery.id).not_in(in_flight),
        )
        .order_by(col(WebhookDelivery.due_at), col(WebhookDelivery.id))
        .limit(count)
        .with_for_update(skip_locked=True)
    )


def record_outcome(session: Session, claimed: WebhookDelivery, **values: object) -> bool:
    """Store what came out of an attempt, and end its lease.

    Return False, and change nothing, if another process has claimed the delivery since, or if it
    was deleted.
    """
    statement = update_table(WebhookDelivery).where(
        col(WebhookDelivery.id) == claimed.id,
        col(WebhookDelivery.event_id) == claimed.event_id,
        col(WebhookDelivery.attempts) == claimed.attempts,
        col(WebhookDelivery.worker).is_not_distinct_from(claimed.worker),
        IS_WAITING,
    )
    result = session.connection().execute(statement.values(leased_until=null(), **values))
    return result.rowcount > 0


def release_claims(session: Session, now: datetime) -> None:
    """Make due what processes had claimed that have ended: on SQLite all, as one bot runs."""
    is_claimed = and_(IS_WAITING, col(WebhookDelivery.leased_until) > now)
    if session.connection().dialect.name == "postgresql":
        query = select(WebhookDelivery.worker).where(is_claimed).distinct()
        workers = session.exec(query).all()
        if not workers:
            return
        live = live_workers(session)  # read after the claims, so that it includes their workers
        ended = [worker for worker in workers if worker is not None and worker not in live]
        is_claimed = and_(is_claimed, col(WebhookDelivery.worker).in_(ended))
    statement = update_table(WebhookDelivery).where(is_claimed)
    session.connection().execute(statement.values(due_at=now, leased_until=null()))


def shorten_waits(session: Session, now: datetime, longest: timedelta) -> None:
    """Make due what waits longer than anything can: a clock that was wrong had set the time."""
    is_late = or_(col(WebhookDelivery.due_at) > now + longest, col(WebhookDelivery.queued_at) > now)
    statement = update_table(WebhookDelivery).where(IS_WAITING, is_late)
    session.connection().execute(statement.values(due_at=now, queued_at=now, leased_until=null()))
