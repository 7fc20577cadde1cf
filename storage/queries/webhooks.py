"""Webhooks: the addresses that get events, and which of them want an event."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from storage.tables import Webhook, WebhookDelivery

CACHED_SECONDS = 1.0
"""How long a process may not know of a webhook that another process added."""


class WebhookFilter(NamedTuple):
    """A webhook, and the events and campaigns that it wants; empty: all."""

    id: int
    events: tuple[str, ...]
    campaign_ids: tuple[int, ...]


class _CachedFilters(NamedTuple):
    filters: tuple[WebhookFilter, ...]
    read_at: float


_FILTERS: WeakKeyDictionary[Any, _CachedFilters] = WeakKeyDictionary()
"""By pool of connections, which a database has one of: an answer must not pay for a query."""


def wanting(session: Session, event_type: str, campaign_id: int | None) -> list[int]:
    """Return the ids of the webhooks that want an event, by what was known a second ago."""
    return [
        one.id
        for one in _filters(session)
        if (not one.events or event_type in one.events)
        and (not one.campaign_ids or campaign_id in one.campaign_ids)
    ]


def _filters(session: Session) -> tuple[WebhookFilter, ...]:
    pool, now = session.connection().engine.pool, time.monotonic()
    cached = _FILTERS.get(pool)
    if cached is None or now - cached.read_at >= CACHED_SECONDS:
        query = select(Webhook.id, Webhook.events, Webhook.campaign_ids).where(
            col(Webhook.disabled_at).is_(None)
        )
        found = tuple(
            WebhookFilter(number, tuple(events), tuple(campaign_ids))
            for number, events, campaign_ids in session.exec(query)
            if number is not None
        )
        cached = _FILTERS[pool] = _CachedFilters(found, now)
    return cached.filters


def forget_filters() -> None:
    """Forget what is known, because this process changes a webhook."""
    _FILTERS.clear()


def add(session: Session, webhook: Webhook) -> Webhook:
    """Add a webhook; events that happen later in this process are queued for it."""
    session.add(webhook)
    session.flush()
    forget_filters()
    return webhook


def find_by_name(session: Session, name: str, *, lock: bool = False) -> Webhook | None:
    """Return the webhook with a name."""
    query = select(Webhook).where(Webhook.name == name)
    return session.exec(query.with_for_update() if lock else query).first()


def find_by_id(session: Session, webhook_id: int) -> Webhook | None:
    """Return a webhook as it is stored now, locked until the transaction ends."""
    return session.get(Webhook, webhook_id, populate_existing=True, with_for_update=True)


def list_webhooks(session: Session) -> Sequence[Webhook]:
    """Return all webhooks, oldest first."""
    return session.exec(select(Webhook).order_by(col(Webhook.id))).all()


def remove(session: Session, webhook_id: int) -> None:
    """Delete a webhook with its secret and its deliveries."""
    connection = session.connection()
    connection.execute(delete(WebhookDelivery).where(col(WebhookDelivery.webhook_id) == webhook_id))
    connection.execute(delete(Webhook).where(col(Webhook.id) == webhook_id))
    forget_filters()


def record_success(session: Session, webhook_id: int) -> bool:
    """Record that a webhook works; return whether attempts had failed before."""
    statement = (
        update(Webhook)
        .where(col(Webhook.id) == webhook_id, col(Webhook.failures) > 0)
        .values(failures=0, failing_since=None, retry_at=None, reported_at=None)
    )
    return session.connection().execute(statement).rowcount > 0


def erase_old_secrets(session: Session, now: datetime) -> None:
    """Delete the old secrets that no longer sign."""
    statement = update(Webhook).where(col(Webhook.old_secret_until) <= now)
    session.connection().execute(statement.values(old_secret=None, old_secret_until=None))


def has_old_secrets(session: Session, now: datetime) -> bool:
    """Return whether there are old secrets that no longer sign."""
    query = select(Webhook.id).where(col(Webhook.old_secret_until) <= now)
    return session.exec(query.limit(1)).first() is not None


def shorten_waits(session: Session, now: datetime, longest: timedelta) -> None:
    """End waits that are longer than any can be: a clock that was wrong had set them."""
    statement = update(Webhook).where(col(Webhook.retry_at) > now + longest)
    session.connection().execute(statement.values(retry_at=now))
