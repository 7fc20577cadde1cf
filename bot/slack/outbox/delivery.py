"""Delivers the outbox to Slack: each recipient's messages in order, recipients concurrently."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.messages.queued_message import Priority
from bot.metrics import DELIVERY_SECONDS
from bot.process_lock import ProcessLock
from bot.services.outbox.queued_messages import message_of
from bot.slack.client.contacts import Contact, observe_contact
from bot.slack.client.delivery_lease import DeliveryLease, LeaseExpiredError, use_lease
from bot.slack.client.sender import Sender
from bot.slack.outbox.claims import CLAIM_LEASE, Claim, Claims
from bot.slack.outbox.failures import MAX_ATTEMPTS_AFTER_DATA_ERROR, Failures
from bot.slack.outbox.messages import MESSAGE_TYPES, AfterDelivery
from bot.slack.outbox.peers import Peers
from bot.slack.outbox.probe import Probe
from bot.spans import span
from storage.correlation import correlate
from storage.outage import outage_cause
from storage.queries import message_removal, outbox, outbox_claims
from storage.queries.outbox_claims import ClaimLimits
from storage.row_id import id_of
from storage.tables import OutboxMessage, OutboxState

log = logging.getLogger(__name__)

POLL_SECONDS_AFTER_ERROR = 1.0
"""Seconds until the next poll after an error."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)

MAX_LIMIT_WAIT = timedelta(seconds=2)
"""A delivery that has to wait longer for a rate limit returns to the queue, and frees its place."""

RECORD_ATTEMPTS = 60
"""How often to try to record that a message was sent while the database is not available."""

RECORD_RETRY_SECONDS = 0.5

CLOCK_TOLERANCE = timedelta(seconds=5)
"""If the clock is set back by more, messages that were due become due again."""

SHUTDOWN_GRACE_SECONDS = 3
"""Grace period for in-flight deliveries at shutdown."""

MAX_POLL_SECONDS = 2.0
"""Longest interval between polls, which find what other processes queued. A third of the lease, so
that each poll renews the claims in flight."""

IDLE_POLL_SECONDS = 10.0
"""Longest interval between polls if nothing is being delivered and other processes send
notifications."""


@dataclass(slots=True)
class Deliverer:
    """Claims due messages of the outbox and delivers them."""

    sender: Sender
    lock: ProcessLock | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _is_prepared: bool = False
    _is_stopping: bool = False
    _renewed_at: datetime = LONG_AGO
    _polled_at: datetime = LONG_AGO
    _failures: Failures = field(init=False)
    _probe: Probe = field(init=False)
    _lock: ProcessLock = field(init=False)
    _peers: Peers = field(init=False)
    _claims: Claims = field(init=False)

    def __post_init__(self) -> None:
        """Use a sender that does not wait long for rate limits."""
        self.sender = replace(self.sender, max_wait=MAX_LIMIT_WAIT)
        self._failures, self._probe = Failures(self.sender), Probe(self.sender)
        self._lock = self.lock or ProcessLock(self.sender.db)
        self._peers = Peers(self.sender.db, self.sender.clock, self._lock, self._wake.set)
        self._claims = Claims(self.sender.db, self.sender.clock, self._lock)

    def wake(self) -> None:
        """Poll at once, because something was queued. Call it on the event loop.

        If all slots are in use, other bots are notified, and the next delivery to finish polls
        again.
        """
        if self._claims.has_room:
            self._wake.set()
        else:
            self._peers.notify()

    async def run(self) -> None:
        """Deliver until `stop` is called; finish in-flight messages."""
        self._peers.start()
        try:
            await self._deliver_until_stopped()
        finally:
            await self._peers.stop()
            await self._lock.close()

    async def _deliver_until_stopped(self) -> None:
        while not self._is_stopping:
            self._wake.clear()
            wait_seconds = await self._guard_database(self._poll)
            if wait_seconds and not self._is_stopping:
                await self._wait(wait_seconds)
        if self._tasks:
            _done, late = await asyncio.wait(set(self._tasks), timeout=SHUTDOWN_GRACE_SECONDS)
            for task in late:  # such as a download; its claim expires
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def stop(self) -> None:
        """Claim nothing more and let `run` return. In-flight deliveries finish."""
        self._is_stopping = True
        self._wake.set()

    async def _prepare(self) -> None:
        """Queue again what a process that has stopped had claimed or held."""
        now = self.sender.clock.now()
        await self._lock.keep()
        if self.sender.db.is_sqlite:  # no other process, so older claims are stale
            await self.sender.db.write(outbox_claims.release_all_leases, now)
        else:
            await self.sender.db.write(outbox_claims.release_abandoned_leases, now)
            await self._forget_due_times(now)
        await self.sender.db.write(outbox.release_held, now)
        self._is_prepared = True

    async def _guard_database(self, work: Callable[[], Awaitable[float]]) -> float:
        """Return the seconds until the next poll. The database logs its outages itself."""
        try:
            return await work()
        except Exception as error:
            if not outage_cause(error):
                log.exception("could not read the outbox; trying again")
            return POLL_SECONDS_AFTER_ERROR

    async def _wait(self, timeout_seconds: float) -> None:
        # Not `asyncio.wait_for`: up to Python 3.11 it may swallow a cancellation.
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                await self._wake.wait()

    async def _poll(self) -> float:
        """Start due deliveries, or ask Slack whether it accepts the app again.

        Return the seconds until the next poll.
        """
        if not self._is_prepared:
            await self._prepare()
        await self._renew_leases()
        if self._probe.is_needed:
            seconds = self._probe.seconds_until_due()
            if not seconds:
                await self._probe.ask()
                return 0.0
            if self.sender.sending_status.is_blocked:
                return min(seconds, MAX_POLL_SECONDS)
        return 0.0 if await self._start_deliveries() else await self._seconds_until_due()

    async def _renew_leases(self) -> None:
        """Renew the leases of deliveries in flight; forget due times of a clock that was wrong."""
        now = self.sender.clock.now()
        if now + CLOCK_TOLERANCE < self._polled_at:
            self._renewed_at = self._failures.updates_wait_until = LONG_AGO
            await self._forget_due_times(now)
        self._polled_at = now
        if now - self._renewed_at > CLAIM_LEASE / 3:
            await self._lock.keep()
            self._renewed_at = now
            await self._claims.renew()

    async def _forget_due_times(self, now: datetime) -> None:
        """Make messages due and end leases that a clock ahead of the current one may have set."""
        await self.sender.db.write(outbox_claims.make_all_due, now)
        await self.sender.db.write(outbox_claims.shorten_leases, now, CLAIM_LEASE)

    def _free_limits(self) -> ClaimLimits:
        may_update = self._failures.updates_wait_until <= self.sender.clock.now()
        return self._claims.free_limits(may_update=may_update)

    async def _start_deliveries(self) -> int:
        limits = self._free_limits()
        if limits.messages <= 0:
            return 0
        claims = await self._claims.add(limits)
        for claim in claims:
            task = asyncio.create_task(self._deliver(claim))
            self._tasks.add(task)
            task.add_done_callback(partial(self._finish_delivery, id_of(claim.row)))
        return len(claims)

    def _finish_delivery(self, row_id: int, task: asyncio.Task[None]) -> None:
        del self._claims.in_flight[row_id]
        self._tasks.discard(task)
        self._wake.set()

    async def _seconds_until_due(self) -> float:
        limits = self._free_limits()
        if limits.messages <= 0:
            return MAX_POLL_SECONDS
        is_idle = self._peers.is_listening and not self._claims.in_flight
        longest = IDLE_POLL_SECONDS if is_idle else MAX_POLL_SECONDS
        now = self.sender.clock.now()
        max_priority = Priority.COSMETIC if limits.updates else Priority.NEWS
        due = await self.sender.db.read(outbox_claims.next_due_at, now, max_priority)
        until_due = longest if due is None else max((due - now).total_seconds(), 0.01)
        until_update = (self._failures.updates_wait_until - now).total_seconds()
        return min(longest, until_due, until_update if until_update > 0 else longest)

    async def _deliver(self, claim: Claim) -> None:
        """Deliver a message under the correlation id of the request or job that queued it."""
        row = claim.row
        with correlate(row.correlation_id), span("delivery", type=row.message_type):
            await self._deliver_correlated(row, claim.lease)

    async def _deliver_correlated(self, row: OutboxMessage, lease: DeliveryLease) -> None:
        try:
            message = message_of(row)
            with observe_contact() as contact, use_lease(lease):
                after_delivery = await MESSAGE_TYPES[row.message_type](self.sender, row, message)
        except LeaseExpiredError:  # another bot has claimed the message, or it is due again
            log.info("the lease of “%s” to %s expired", row.message_type, row.recipient)
        except Exception as error:  # noqa: BLE001 - one message must not stop the outbox
            await self._record(row, partial(self._failures.record, row, error))
        else:
            self._probe.reset()
            mark_sent = partial(self._mark_sent, row, after_delivery, contact)
            await self._record(row, mark_sent)

    async def _mark_sent(
        self, row: OutboxMessage, after_delivery: AfterDelivery, contact: Contact
    ) -> None:
        now = self.sender.clock.now()
        waited = DELIVERY_SECONDS.labels(Priority(row.priority).name.lower())
        waited.observe(max((now - row.created_at).total_seconds(), 0.0))
        await self.sender.db.write(_record_sent, row, after_delivery, now, contact)

    async def _record(self, row: OutboxMessage, record: Callable[[], Awaitable[None]]) -> None:
        """Record the outcome of a delivery, if necessary when the database is available again.

        What was sent is not sent again: if that cannot be recorded, the message fails.
        """
        for attempt in range(1, RECORD_ATTEMPTS + 1):
            try:
                await record()
            except Exception as error:
                if self._is_stopping:
                    return
                if not outage_cause(error) and attempt >= MAX_ATTEMPTS_AFTER_DATA_ERROR:
                    log.exception("could not record “%s” to %s", row.message_type, row.recipient)
                    await self._failures.give_up(row, type(error).__name__)
                    return
                await asyncio.sleep(RECORD_RETRY_SECONDS)
            else:
                return


def _record_sent(
    session: Session,
    row: OutboxMessage,
    after_delivery: AfterDelivery,
    now: datetime,
    contact: Contact,
) -> None:
    is_recorded = outbox.record_outcome(
        session, id_of(row), OutboxState.SENT, now, worker=row.worker, has_posted=contact.has_posted
    )
    message_removal.record_replies(session, contact.replies)
    if after_delivery and is_recorded:
        after_delivery(session)
