"""The delivery of events to webhooks. Each has a queue of its own; several bots share the work.

A stalled or failing receiver delays neither other webhooks nor messages to Slack. An event may
arrive twice, with the same id, if a bot ends between the response and its record.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.host_lookup import resolve_host
from bot.process_lock import ProcessLock
from bot.public_address import Address
from bot.services.webhooks import deliveries, event_data
from bot.services.webhooks.deliveries import GIVE_UP_AFTER, MAX_RETRY, DeliveryStatus, Failure
from bot.services.webhooks.webhook_secrets import signing_keys
from bot.spans import span
from bot.webhooks.events import WebhookEvent
from bot.webhooks.sender import (
    GONE,
    TIMEOUT_SECONDS,
    WebhookEndpoint,
    WebhookError,
    send_webhook,
)
from storage.correlation import correlate
from storage.database import Database
from storage.outage import outage_cause
from storage.queries import webhook_claims, webhooks
from storage.queries.outbox_claims import Lease
from storage.queries.webhook_claims import ClaimedDelivery
from storage.row_id import id_of
from storage.tables import Webhook, WebhookDelivery

log = logging.getLogger(__name__)

MAX_CONCURRENT_REQUESTS = 4
"""Requests to one webhook at a time. There is no limit for all, so none waits for another."""

CLAIM_LEASE = timedelta(seconds=90)
"""How long a claimed event is reserved: longer than an attempt and its record take."""

POLL_SECONDS, IDLE_POLL_SECONDS = 2.0, 5.0
"""Longest interval between polls, which find what other processes queued; idle: no webhooks."""

POLL_SECONDS_AFTER_ERROR = 1.0

RELEASE_INTERVAL = timedelta(seconds=2)
"""How often a bot on PostgreSQL looks for claims of bots that have ended."""

CLOCK_TOLERANCE = timedelta(seconds=5)
"""If the clock is set back by more, waits that it had set are ended."""

SHUTDOWN_GRACE_SECONDS = 3
"""Grace period for requests in progress at shutdown."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SendingRules:
    """How requests are sent. `coordinators` are the Slack ids in LABELBOT_COORDINATORS."""

    allows_private: bool = False
    coordinators: tuple[str, ...] = ()
    timeout_seconds: float = TIMEOUT_SECONDS
    resolve: Callable[[str, int], Awaitable[list[Address]]] = resolve_host

    def endpoint_of(self, webhook: Webhook, now: datetime) -> WebhookEndpoint:
        """Return where the events of a webhook are sent, with the keys that sign now."""
        return WebhookEndpoint(
            webhook.url,
            signing_keys(webhook, now),
            self.allows_private,
            self.resolve,
            self.timeout_seconds,
        )


@dataclass(slots=True)
class WebhookDeliverer:
    """Claims due events and sends them."""

    db: Database
    clock: Clock
    lock: ProcessLock
    rules: SendingRules
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _in_flight: dict[int, int] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _has_webhooks: bool = False
    _is_prepared: bool = False
    _is_stopping: bool = False
    _polled_at: datetime = LONG_AGO
    _released_at: datetime = LONG_AGO

    def wake(self) -> None:
        """Poll at once, because something may have been queued. Call it on the event loop."""
        if self._has_webhooks:  # else each answer would cost a query
            self._wake.set()

    async def run(self) -> None:
        """Deliver until `stop` is called; finish requests in progress."""
        while not self._is_stopping:
            self._wake.clear()
            wait_seconds = await self._poll_safely()
            with suppress(TimeoutError):
                async with asyncio.timeout(0 if self._is_stopping else wait_seconds):
                    await self._wake.wait()
        if self._tasks:
            _done, late = await asyncio.wait(set(self._tasks), timeout=SHUTDOWN_GRACE_SECONDS)
            for task in late:  # the next start sends these events again
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def stop(self) -> None:
        """Claim nothing more and let `run` return."""
        self._is_stopping = True
        self._wake.set()

    async def deliver_due(self) -> int:
        """Claim what is due now and send it; return how many events, after the last response."""
        tasks = await self._start_requests()
        await asyncio.gather(*tasks)
        return len(tasks)

    async def _poll_safely(self) -> float:
        """Return the seconds until the next poll. The database logs its outages itself."""
        try:
            await self._start_requests()
            return await self._seconds_until_due()
        except Exception as error:
            if not outage_cause(error):
                log.exception("could not read the events for webhooks; trying again")
            return POLL_SECONDS_AFTER_ERROR

    async def _start_requests(self) -> list[asyncio.Task[None]]:
        now = self.clock.now()
        await self._correct_waits(now)
        due = await self.db.read(webhook_claims.due_times)
        self._has_webhooks = bool(due)
        busy = Counter(self._in_flight.values())
        slots = {
            number: free
            for number, (due_at, failures) in due.items()
            if due_at is not None
            and due_at <= now
            and (free := (1 if failures else MAX_CONCURRENT_REQUESTS) - busy[number]) > 0
        }
        if not slots or self._is_stopping:
            return []
        await self.lock.keep()
        lease = Lease(CLAIM_LEASE, self.lock.worker)
        claimed = await self.db.write(
            webhook_claims.claim, now, lease, slots, list(self._in_flight)
        )
        return [self._start(one) for one in claimed]

    def _start(self, claimed: ClaimedDelivery) -> asyncio.Task[None]:
        number = id_of(claimed.delivery)
        self._in_flight[number] = claimed.delivery.webhook_id
        task = asyncio.create_task(self._deliver(claimed))
        self._tasks.add(task)

        def finish(task: asyncio.Task[None]) -> None:
            del self._in_flight[number]
            self._tasks.discard(task)
            self._wake.set()

        task.add_done_callback(finish)
        return task

    async def _correct_waits(self, now: datetime) -> None:
        """End the claims of bots that have ended, and waits that a wrong clock had set."""
        is_set_back = now + CLOCK_TOLERANCE < self._polled_at
        may_have_ended = not self.db.is_sqlite and now - self._released_at >= RELEASE_INTERVAL
        if not self._is_prepared or is_set_back or may_have_ended:
            self._released_at = now
            await self.db.write(webhook_claims.release_claims, now)
        if not self._is_prepared or is_set_back:
            await self.db.write(webhook_claims.shorten_waits, now, MAX_RETRY)
            await self.db.write(webhooks.shorten_waits, now, MAX_RETRY)
        self._is_prepared, self._polled_at = True, now

    async def _seconds_until_due(self) -> float:
        """Return when to poll again; a webhook without a free slot polls when a request ends."""
        if not self._has_webhooks:
            return IDLE_POLL_SECONDS
        now, busy = self.clock.now(), Counter(self._in_flight.values())
        due = await self.db.read(webhook_claims.due_times)
        waits = [
            (due_at - now).total_seconds()
            for number, (due_at, failures) in due.items()
            if due_at is not None and busy[number] < (1 if failures else MAX_CONCURRENT_REQUESTS)
        ]
        return max(min([*waits, POLL_SECONDS]), 0.01)

    async def _deliver(self, claimed: ClaimedDelivery) -> None:
        delivery, webhook = claimed
        with correlate(delivery.correlation_id), span("webhook", type=delivery.event_type):
            try:
                await self._deliver_correlated(delivery, webhook)
            except Exception as error:  # its lease expires, and it is sent again
                if not outage_cause(error):
                    log.exception("could not record an event of the webhook “%s”", webhook.name)

    async def _deliver_correlated(self, delivery: WebhookDelivery, webhook: Webhook) -> None:
        event = await self.db.read(event_data.build_event, delivery)
        if event is None:
            await self.db.write(deliveries.record_dropped, delivery, self.clock.now())
            return
        try:
            now = self.clock.now()
            status = await send_webhook(self.rules.endpoint_of(webhook, now), event, now)
        except WebhookError as error:
            await self._record_failure(delivery, webhook, failure_of(error))
        else:
            now = self.clock.now()
            if await self.db.write(deliveries.record_delivered, delivery, status, now):
                log.warning("the webhook “%s” works again", webhook.name)

    async def _record_failure(
        self, delivery: WebhookDelivery, webhook: Webhook, failure: Failure
    ) -> None:
        now = self.clock.now()
        is_first = await self.db.write(
            deliveries.record_failure, delivery, failure, now, self.rules.coordinators
        )
        if is_first:
            hours = GIVE_UP_AFTER.total_seconds() / 3600
            log.warning(
                "the webhook “%s” fails, and is tried again for %d hours: %s",
                webhook.name,
                hours,
                failure.reason,
            )


def failure_of(error: WebhookError) -> Failure:
    """Return what is recorded of a failed attempt."""
    is_gone = error.status == GONE
    return Failure(error.reason, error.status, error.retry_after, is_gone=is_gone)


def send_test(database: Database, clock: Clock, name: str, rules: SendingRules) -> DeliveryStatus:
    """Send a test event to a webhook once, also to a disabled one; return it as it is in the log.

    Raises:
        NotFoundError: there is no such webhook.
    """
    webhook, delivery = database.write_now(deliveries.start_test, name, clock.now())
    event = WebhookEvent(
        delivery.event_id, delivery.event_type, delivery.happened_at, {"webhook": name}
    )
    status, failure = None, None
    try:
        now = clock.now()
        status = asyncio.run(send_webhook(rules.endpoint_of(webhook, now), event, now))
    except WebhookError as error:
        failure = failure_of(error)
    return database.write_now(deliveries.finish_test, delivery, status, failure, clock.now())
