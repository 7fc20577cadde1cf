"""When the bot may call Slack: the rate limits of one process, or of all that share a database.

Slack counts the calls of the app, whatever process makes them. One bot on SQLite counts them in
memory. Bots on PostgreSQL count them in the table `slack_call_log`, by the clock of the server.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

from sqlmodel import Session

from bot.clock import Clock, shift_of
from bot.slack.client.rate_limiter import (
    METHOD_LIMITS,
    CallLog,
    RateLimiter,
    Scope,
    scopes_of,
)
from storage.database import Database
from storage.queries import slack_call_logs

T = TypeVar("T")


class CallBudget(Protocol):
    """Counts calls of the Web API."""

    async def reserve(
        self, method: str, channel: str, max_wait: timedelta | None, *, is_update: bool
    ) -> timedelta:
        """Count the next call, and return how long to wait before making it.

        Raises:
            LimitReachedError: the wait would be longer than `max_wait`; nothing is counted.
        """
        ...

    async def back_off(self, method: str, retry_after: float) -> None:
        """Block a method for the seconds that Slack named."""
        ...


def budget_for(db: Database, clock: Clock) -> CallBudget:
    """Return the budget of the processes that share a database."""
    own = ProcessBudget(clock)
    return own if db.is_sqlite else SharedBudget(db, clock, own)


@dataclass(frozen=True, slots=True)
class ProcessBudget:
    """The calls of this process, in memory."""

    clock: Clock
    limiter: RateLimiter = field(default_factory=RateLimiter)

    async def reserve(
        self, method: str, channel: str, max_wait: timedelta | None, *, is_update: bool
    ) -> timedelta:
        """Count the next call of this process."""
        now = self.clock.now()
        return self.limiter.reserve(method, channel, now, max_wait=max_wait, is_update=is_update)

    async def back_off(self, method: str, retry_after: float) -> None:
        """Block a method in this process."""
        self.limiter.back_off(method, retry_after, self.clock.now())


@dataclass(frozen=True, slots=True)
class SharedBudget:
    """The calls of all processes on one PostgreSQL, in the database.

    Methods without a limit are counted in memory: only a pause that Slack names matters there, and
    each process learns of it from its own call.

    Calls of a method are counted one after the other. Otherwise each that waits for the lock of its
    log would occupy one of the few connections of this process, and answers would wait for one.
    """

    db: Database
    clock: Clock
    unlimited: ProcessBudget
    _turns: defaultdict[str, asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock)
    )

    async def reserve(
        self, method: str, channel: str, max_wait: timedelta | None, *, is_update: bool
    ) -> timedelta:
        """Count the next call of all processes."""
        if method not in METHOD_LIMITS:
            return await self.unlimited.reserve(method, channel, max_wait, is_update=is_update)

        def reserve(limiter: RateLimiter, now: datetime) -> timedelta:
            return limiter.reserve(method, channel, now, max_wait=max_wait, is_update=is_update)

        return await self._use(scopes_of(method, channel), reserve)

    async def back_off(self, method: str, retry_after: float) -> None:
        """Block a method in all processes."""
        if method not in METHOD_LIMITS:
            await self.unlimited.back_off(method, retry_after)
            return

        def back_off(limiter: RateLimiter, now: datetime) -> None:
            limiter.back_off(method, retry_after, now)

        await self._use([(method, "")], back_off)

    async def _use(self, scopes: list[Scope], use: Callable[[RateLimiter, datetime], T]) -> T:
        async with self._turns[scopes[0][0]]:
            return await self.db.write(_use_stored, scopes, self.clock, use)


def _use_stored(
    session: Session, scopes: list[Scope], clock: Clock, use: Callable[[RateLimiter, datetime], T]
) -> T:
    """Call `use` with the stored logs of these scopes and the server's time, and store the logs.

    The logs are locked first, so that of two processes one counts after the other.
    """
    seconds, stored = slack_call_logs.lock(session, scopes)
    now = datetime.fromtimestamp(seconds, UTC) + shift_of(clock)
    limiter = RateLimiter({scope: _parse_log(log) for scope, log in stored.items()})
    result = use(limiter, now)
    for scope, log in limiter.logs.items():
        slack_call_logs.store(session, scope, _format_log(log))
    return result


def _parse_log(stored: dict[str, Any]) -> CallLog:
    if not stored:
        return CallLog()
    moments = [datetime.fromtimestamp(seconds, UTC) for seconds in stored["moments"]]
    blocked_until = datetime.fromtimestamp(stored["blocked_until"], UTC)
    return CallLog(moments, blocked_until, datetime.fromtimestamp(stored["seen_at"], UTC))


def _format_log(log: CallLog) -> dict[str, Any]:
    """Return the log as JSON, with times in seconds since 1970."""
    return {
        "moments": [moment.timestamp() for moment in log.moments],
        "blocked_until": log.blocked_until.timestamp(),
        "seen_at": log.seen_at.timestamp(),
    }
