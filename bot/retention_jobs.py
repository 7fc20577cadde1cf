"""Scheduled jobs that delete what is kept no longer, in small batches between other writes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.app_context import AppContext
from bot.services.actors import received_requests
from bot.services.api_keys import requests as api_requests
from bot.services.people import retention
from storage.compaction import DatabaseInUseError, empty_write_ahead_log
from storage.queries import delivered_messages, webhook_deliveries, webhooks

PRUNED_BATCH, MAX_PRUNED_BATCHES = 500, 100
"""Rows deleted in one transaction, and transactions of one run: 50,000 rows an hour."""


async def forget_requests(app: AppContext) -> None:
    """Remove the records of requests that nobody sends again: of Slack and of the HTTP API."""
    now = app.clock.now()
    for recorded in (received_requests, api_requests):
        if await app.db.read(recorded.has_old_requests, now):
            await app.db.write(recorded.forget_old_requests, now)


async def prune_outbox(app: AppContext) -> None:
    """Delete messages that were delivered long ago, in small batches between other writes."""
    await _prune(app, delivered_messages.done_before, delivered_messages.delete_done)


async def prune_webhook_deliveries(app: AppContext) -> None:
    """Delete old deliveries to webhooks in the same way, and old secrets that no longer sign."""
    if await app.db.read(webhooks.has_old_secrets, app.clock.now()):
        await app.db.write(webhooks.erase_old_secrets, app.clock.now())
    await _prune(app, webhook_deliveries.finished_before, webhook_deliveries.delete)


async def _prune(
    app: AppContext,
    find: Callable[[Session, datetime, int], Sequence[int]],
    delete: Callable[[Session, Sequence[int]], None],
) -> None:
    before = app.clock.now() - timedelta(days=app.settings.outbox_days)
    db = app.db.low_priority()
    for _ in range(MAX_PRUNED_BATCHES):
        ids = await db.read(find, before, PRUNED_BATCH)
        if not ids:
            return
        await db.write(delete, ids)


async def erase_expired(app: AppContext) -> None:
    """Erase experts whose campaigns were closed longer ago than their retention."""
    now, coordinators = app.clock.now(), app.settings.coordinators
    db, erased = app.db.low_priority(), 0
    while await db.read(retention.has_expired, now, coordinators):
        erased += await db.write(retention.erase_expired, now, coordinators)
    if erased:
        with suppress(DatabaseInUseError):  # SQLite overwrites the log later
            await asyncio.to_thread(empty_write_ahead_log, app.settings.database_url)
