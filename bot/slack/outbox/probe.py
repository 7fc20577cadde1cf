"""Asks Slack whether it accepts the app again, after a failure that stopped sending."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError

from bot.slack.client.error_codes import ErrorKind
from bot.slack.client.sender import Sender
from bot.slack.client.web_client import NETWORK_ERRORS, error_kind
from storage.queries import outbox, outbox_claims

MAX_DELAY_SECONDS = 60.0
"""Longest wait between two questions to Slack while nothing can be sent."""

SCOPE_DELAY = timedelta(seconds=15)
"""Wait between two questions to Slack while only a scope is missing."""

TIMEOUT_SECONDS = 10.0

SCOPES_HEADER = "x-oauth-scopes"


def jitter(seconds: float) -> float:
    """Return a wait up to a quarter shorter or longer, so that retries do not come all at once."""
    return seconds * random.uniform(0.75, 1.25)  # noqa: S311 - not a secret


@dataclass(slots=True)
class Probe:
    """Calls auth.test at growing intervals until Slack accepts the app.

    The first question is asked at once, because most failures are short. The interval is reset when
    a message was delivered.
    """

    sender: Sender
    _questions: int = 0
    _failures: int = 0
    _due_at: datetime | None = None
    _planned_at: datetime | None = None

    @property
    def is_needed(self) -> bool:
        """Return whether there is something to ask Slack, or messages that waited for it."""
        status = self.sender.sending_status
        return status.is_blocked or bool(status.missing_scopes) or self._failures > 0

    def seconds_until_due(self) -> float:
        """Return how long to wait before the next question. A clock set back does not delay it."""
        now, is_blocked = self.sender.clock.now(), self.sender.sending_status.is_blocked
        if self._failures and not is_blocked:
            return 0.0  # another call has found that Slack accepts the app again
        if self._due_at is None or self._planned_at is None or now < self._planned_at:
            delay = self._delay() if is_blocked else SCOPE_DELAY
            self._due_at, self._planned_at = now + delay, now
        return max((self._due_at - now).total_seconds(), 0.0)

    def reset(self) -> None:
        """Start with short intervals again, because a message was delivered."""
        self._questions = 0

    async def ask(self) -> None:
        """Ask Slack once. If it accepts the app, queue what had to wait."""
        self._questions += 1
        self._due_at = None
        status, now = self.sender.sending_status, self.sender.clock.now()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                answer = await self.sender.call_at_once("auth.test", {})
        except SlackApiError as error:
            if status.is_blocked or error_kind(error) == ErrorKind.APP:
                self._failures += 1
                return
            granted = None
        except NETWORK_ERRORS:
            self._failures += 1
            return
        else:
            header = answer.headers.get(SCOPES_HEADER)
            granted = frozenset(header.replace(" ", "").split(",")) if header else None
        status.resume()
        await self._queue_waiting(now, has_scope=status.record_scopes(granted))

    async def _queue_waiting(self, now: datetime, *, has_scope: bool) -> None:
        """Queue held messages, and those that an outage delayed."""
        if has_scope:
            await self.sender.db.write(outbox.release_held, now)
        if self._failures:
            self._failures = 0
            await self.sender.db.write(outbox_claims.make_all_due, now)

    def _delay(self) -> timedelta:
        if not self._questions:
            return timedelta()
        return timedelta(seconds=jitter(min(2.0 ** (self._questions - 1), MAX_DELAY_SECONDS)))
