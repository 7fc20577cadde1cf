"""What follows from a failed delivery: the message waits, is held, fails or is dropped."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError

from bot.errors import BotError
from bot.messages.queued_message import Priority
from bot.slack.client.error_codes import ErrorKind
from bot.slack.client.rate_limiter import LONG_AGO, LimitReachedError
from bot.slack.client.sender import Sender
from bot.slack.client.stored_media import MediaNotShownError
from bot.slack.client.uploads import UploadFailedError
from bot.slack.client.web_client import (
    NETWORK_ERRORS,
    error_code,
    error_kind,
    needed_scope,
    retry_after_seconds,
)
from bot.slack.outbox.probe import jitter
from storage.outage import is_database_error, outage_cause
from storage.queries import outbox, outbox_claims
from storage.row_id import id_of
from storage.tables import OutboxMessage, OutboxState

log = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(days=1)
"""A message that Slack has not accepted for a day is of no use anymore."""

UPDATE_LIFETIME = timedelta(seconds=20)
"""An update of an older message is dropped if it could not be sent for so long."""

TOO_MANY_UPDATES = "too many updates"

MAX_RETRY_SECONDS = 300.0
"""Longest wait between two attempts."""

TRANSIENT_ERRORS = (*NETWORK_ERRORS, UploadFailedError, MediaNotShownError)
"""Errors of Slack that pass."""

MAX_ATTEMPTS_AFTER_BUG = 6
"""A bug does not pass like an outage, so later messages must not wait a day for this one."""

MAX_ATTEMPTS_AFTER_DATA_ERROR = 3
"""An error of the data passes only if two transactions collided."""


@dataclass(slots=True)
class Failures:
    """Records the outcome of failed deliveries.

    Until `updates_wait_until`, no update of an older message can be sent, so none is tried.
    """

    sender: Sender
    updates_wait_until: datetime = LONG_AGO

    async def record(self, row: OutboxMessage, error: Exception) -> None:
        """Record what follows from an error of a delivery."""
        match error:
            case LimitReachedError():
                await self._wait_for_limit(row, error.wait)
            case SlackApiError():
                await self._record_refusal(row, error)
            case BotError():
                await self.give_up(row, str(error))
            case _ if isinstance(error, TRANSIENT_ERRORS) or outage_cause(error):
                await self._retry_later(row, type(error).__name__)
            case _:
                await self._record_bug(row, error)

    async def give_up(self, row: OutboxMessage, reason: str) -> None:
        """Mark a message as failed; `labelbot outbox` lists it."""
        log.error("gave up delivering “%s” to %s: %s", row.message_type, row.recipient, reason)
        await self._finish(row, OutboxState.FAILED, reason)

    async def _wait_for_limit(
        self, row: OutboxMessage, wait: timedelta, reason: str | None = None
    ) -> None:
        """Return a message to the queue until its rate limit allows it; drop a late update.

        Late are all updates that could be sent only after their lifetime.
        """
        now = self.sender.clock.now()
        until = now + wait
        if row.priority == Priority.COSMETIC:
            self.updates_wait_until = until
            late = until - UPDATE_LIFETIME
            await self.sender.db.write(outbox_claims.drop_late_updates, late, now, TOO_MANY_UPDATES)
            if row.created_at <= late:
                await self._finish(row, OutboxState.DROPPED, TOO_MANY_UPDATES)
                return
        await self._return_to_queue(row, until, reason)

    async def _record_refusal(self, row: OutboxMessage, error: SlackApiError) -> None:
        code, kind, now = error_code(error), error_kind(error), self.sender.clock.now()
        wait = retry_after_seconds(error)
        if wait is not None:
            await self._wait_for_limit(row, timedelta(seconds=wait), "ratelimited")
        elif kind == ErrorKind.APP:
            await self._return_to_queue(row, now)
        elif kind == ErrorKind.SCOPE:
            scope = needed_scope(error)
            reason = f"{code} {scope}".rstrip()
            await self.sender.db.write(outbox.hold, id_of(row), reason, worker=row.worker)
            self.sender.sending_status.record_hold(scope)
        elif kind == ErrorKind.TRANSIENT:
            await self._retry_later(row, code or "no answer")
        elif kind == ErrorKind.UNKNOWN and row.attempts < MAX_ATTEMPTS_AFTER_BUG:
            await self._retry_later(row, code)
        else:
            await self.give_up(row, code)

    async def _record_bug(self, row: OutboxMessage, error: Exception) -> None:
        is_data_error = is_database_error(error)
        maximum = MAX_ATTEMPTS_AFTER_DATA_ERROR if is_data_error else MAX_ATTEMPTS_AFTER_BUG
        reason = type(error).__name__
        if row.attempts == 1 or not is_data_error:
            log.error(
                "could not deliver “%s” to %s", row.message_type, row.recipient, exc_info=error
            )
        if row.attempts >= maximum:
            await self.give_up(row, reason)
        else:
            await self._retry_later(row, reason)

    async def _retry_later(self, row: OutboxMessage, reason: str) -> None:
        now = self.sender.clock.now()
        age = now - row.created_at
        if row.priority == Priority.COSMETIC and age > UPDATE_LIFETIME:
            await self._finish(row, OutboxState.DROPPED, reason)
        elif age > GIVE_UP_AFTER:
            await self.give_up(row, reason)
        else:
            until = now + timedelta(seconds=retry_seconds(row.attempts))
            await self.sender.db.write(
                outbox.reschedule, id_of(row), until, reason, worker=row.worker
            )

    async def _finish(self, row: OutboxMessage, state: OutboxState, reason: str) -> None:
        now = self.sender.clock.now()
        await self.sender.db.write(
            outbox.record_outcome, id_of(row), state, now, error=reason, worker=row.worker
        )

    async def _return_to_queue(
        self, row: OutboxMessage, until: datetime, reason: str | None = None
    ) -> None:
        await self.sender.db.write(
            outbox.return_to_queue, id_of(row), until, reason, worker=row.worker
        )


def retry_seconds(attempts: int) -> float:
    """Return when to retry: after about one second, then twice as long each time."""
    return jitter(min(2.0 ** min(attempts - 1, 10), MAX_RETRY_SECONDS / 1.25))
