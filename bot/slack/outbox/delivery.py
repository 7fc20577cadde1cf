"""Delivers the outbox to Slack: each recipient's messages in order, recipients concurrently."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.errors import BotError
from bot.messages import parse_message
from bot.slack.client.sender import Sender
from bot.slack.client.web_client import PERMANENT_ERRORS, error_code, retry_after_seconds
from bot.slack.outbox.messages import MESSAGE_TYPES, AfterDelivery
from storage.outage import outage_cause
from storage.queries import outbox
from storage.row_id import id_of
from storage.tables import OutboxMessage, OutboxState

log = logging.getLogger(__name__)

MAX_CONCURRENT_DELIVERIES = 16
"""Recipients that get messages at the same time."""

CLAIM_LEASE = timedelta(seconds=6)
"""How long a claimed message is reserved. If a process dies, another one takes it over then."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)

GIVE_UP_AFTER = timedelta(days=1)
"""A message that Slack has not accepted for a day is of no use anymore."""

MAX_ATTEMPTS_AFTER_BUG = 6
"""A bug does not pass like an outage, so later messages must not wait a day for this one."""

TRANSIENT_ERRORS = (OSError, TimeoutError, aiohttp.ClientError, DBAPIError)
"""Errors that pass when the network or the database is back."""

SHUTDOWN_GRACE_SECONDS = 3
"""Grace period for in-flight deliveries at shutdown."""

MAX_POLL_SECONDS = 2.0
"""Longest interval between polls, which find what other processes queued. A third of the lease, so
that each poll renews the claims in flight."""


@dataclass(slots=True)
class Deliverer:
    """Claims due messages of the outbox and delivers them."""

    sender: Sender
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _in_flight: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _is_stopping: bool = False
    _renewed_at: datetime = LONG_AGO

    def wake(self) -> None:
        """Poll at once, because something was queued. Call it on the event loop.

        If all slots are in use, this does nothing: the next delivery to finish polls again.
        """
        if len(self._in_flight) < MAX_CONCURRENT_DELIVERIES:
            self._wake.set()

    async def run(self) -> None:
        """Deliver until `stop` is called; finish in-flight messages."""
        with suppress(DBAPIError):  # the database logs its outages itself; the claims expire
            if self.sender.db.is_sqlite:  # no other process, so older claims are stale
                await self.sender.db.write(outbox.make_all_due, self.sender.clock.now())
        while not self._is_stopping:
            self._wake.clear()
            try:
                wait_seconds = (
                    0.0 if await self._start_deliveries() else await self._seconds_until_due()
                )
            except Exception as error:
                if not outage_cause(error):  # the database logs its outages itself
                    log.exception("could not read the outbox; trying again")
                wait_seconds = 1.0
            if wait_seconds and not self._is_stopping:
                await self._wait(wait_seconds)
        if self._in_flight:
            tasks = set(self._in_flight.values())
            _done, late = await asyncio.wait(tasks, timeout=SHUTDOWN_GRACE_SECONDS)
            for task in late:  # such as a download; its claim expires
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def stop(self) -> None:
        """Claim nothing more and let `run` return. In-flight deliveries finish."""
        self._is_stopping = True
        self._wake.set()

    async def _wait(self, timeout_seconds: float) -> None:
        # Not `asyncio.wait_for`: up to Python 3.11 it may swallow a cancellation.
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                await self._wake.wait()

    async def _start_deliveries(self) -> int:
        free_slots = MAX_CONCURRENT_DELIVERIES - len(self._in_flight)
        now, in_flight = self.sender.clock.now(), list(self._in_flight)
        if in_flight and now - self._renewed_at > CLAIM_LEASE / 3:
            self._renewed_at = now
            await self.sender.db.write(outbox.renew_leases, in_flight, now + CLAIM_LEASE)
        if free_slots <= 0:
            return 0
        rows = await self.sender.db.write(outbox.claim, now, free_slots, CLAIM_LEASE, in_flight)
        for row in rows:
            task = asyncio.create_task(self._deliver(row))
            self._in_flight[id_of(row)] = task
            task.add_done_callback(partial(self._finish_delivery, id_of(row)))
        return len(rows)

    def _finish_delivery(self, row_id: int, _task: asyncio.Task[None]) -> None:
        del self._in_flight[row_id]
        self._wake.set()

    async def _seconds_until_due(self) -> float:
        if len(self._in_flight) >= MAX_CONCURRENT_DELIVERIES:
            return MAX_POLL_SECONDS
        due = await self.sender.db.read(outbox.next_due_at)
        if due is None:
            return MAX_POLL_SECONDS
        seconds = (due - self.sender.clock.now()).total_seconds()
        return min(max(seconds, 0.01), MAX_POLL_SECONDS)

    async def _deliver(self, row: OutboxMessage) -> None:
        try:
            message = parse_message(row.message_type, row.payload)
            after_delivery = await MESSAGE_TYPES[row.message_type](self.sender, row, message)
            await self._mark_sent(row, after_delivery)
        except SlackApiError as error:
            await self._handle_slack_error(row, error)
        except BotError as error:
            await self._give_up(row, str(error))
        except TRANSIENT_ERRORS as error:
            log.warning("could not deliver “%s” to %s: %r", row.message_type, row.recipient, error)
            await self._retry_later(row, type(error).__name__)
        except Exception as error:  # one message must not stop the outbox
            log.exception("could not deliver “%s” to %s", row.message_type, row.recipient)
            error_name = type(error).__name__
            is_hopeless = row.attempts >= MAX_ATTEMPTS_AFTER_BUG
            await (
                self._give_up(row, error_name)
                if is_hopeless
                else self._retry_later(row, error_name)
            )

    async def _mark_sent(self, row: OutboxMessage, after_delivery: AfterDelivery) -> None:
        now = self.sender.clock.now()
        await self.sender.db.write(_record_sent, id_of(row), after_delivery, now)

    async def _handle_slack_error(self, row: OutboxMessage, error: SlackApiError) -> None:
        code = error_code(error)
        wait = retry_after_seconds(error)
        if wait is not None:
            until = self.sender.clock.now() + timedelta(seconds=wait)
            await self.sender.db.write(outbox.reschedule, id_of(row), until, "ratelimited")
        elif code in PERMANENT_ERRORS or code.startswith("invalid_"):
            await self._give_up(row, code)
        else:
            await self._retry_later(row, code or "no answer")

    async def _give_up(self, row: OutboxMessage, reason: str) -> None:
        log.error("gave up delivering “%s” to %s: %s", row.message_type, row.recipient, reason)
        now = self.sender.clock.now()
        await self.sender.db.write(
            outbox.record_outcome, id_of(row), OutboxState.FAILED, now, error=reason
        )

    async def _retry_later(self, row: OutboxMessage, reason: str) -> None:
        now = self.sender.clock.now()
        if now - row.created_at > GIVE_UP_AFTER:
            await self._give_up(row, reason)
        else:
            await self.sender.db.write(
                outbox.reschedule, id_of(row), _next_attempt_at(row, now), reason
            )


def _next_attempt_at(row: OutboxMessage, now: datetime) -> datetime:
    """Return when to retry: after one second, then twice as long each time, up to five minutes."""
    return now + timedelta(seconds=min(2.0 ** min(row.attempts - 1, 10), 300))


def _record_sent(
    session: Session, row_id: int, after_delivery: AfterDelivery, now: datetime
) -> None:
    outbox.record_outcome(session, row_id, OutboxState.SENT, now)
    if after_delivery:
        after_delivery(session)
