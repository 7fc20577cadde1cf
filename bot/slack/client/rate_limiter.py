"""Slack's published rate limits, and a limiter that counts calls in sliding time windows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

MINUTE = timedelta(minutes=1)

METHOD_LIMITS: dict[str, tuple[int, timedelta]] = {
    "chat.delete": (50, MINUTE),
    "chat.postMessage": (300, MINUTE),
    "chat.update": (50, MINUTE),
    "conversations.members": (100, MINUTE),
    "conversations.open": (50, MINUTE),
    "dnd.info": (50, MINUTE),
    "files.completeUploadExternal": (80, MINUTE),  # stored images
    "files.delete": (50, MINUTE),
    "files.info": (80, MINUTE),
    "usergroups.list": (20, MINUTE),
    "usergroups.users.list": (20, MINUTE),
    "users.info": (100, MINUTE),
    "views.publish": (100, MINUTE),
}
"""Calls per time window of each method in the workspace."""

CHANNEL_LIMITS: dict[str, tuple[int, timedelta]] = {"chat.postMessage": (1, timedelta(seconds=1))}
"""Calls per time window of each method in one channel."""

MIN_MARGIN, MARGIN_SHARE = timedelta(seconds=0.2), 1 / 60
"""By how much our time windows are longer than Slack's, at least and as a share of the window.

Slack counts a call when it arrives, and calls take unequal times. The longer the window, the larger
the burst that it allows, and the later some calls of the burst arrive.
"""

SPREAD_METHODS = frozenset({"chat.update"})
"""Methods whose calls are spread, so that no large burst of them arrives late."""

BURST_SHARE = 0.6
"""Share of the calls in a time window that updates of older messages may use at once."""

SPARE_CALLS = 1
"""Calls in a time window that updates of older messages never use."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)

Scope: TypeAlias = tuple[str, str]
"""What has a separate time window: a method, and a channel or nothing."""


class LimitReachedError(Exception):
    """A call would have to wait for its rate limit, longer than it may."""

    def __init__(self, method: str, wait: timedelta) -> None:
        """Say which method has to wait, and how long."""
        super().__init__(f"{method} has to wait for {wait.total_seconds():.1f} s")
        self.wait = wait


def scopes_of(method: str, channel: str) -> list[Scope]:
    """Return the scopes in which a call counts. A method without a limit has one, too."""
    return [(method, ""), (method, channel)] if method in CHANNEL_LIMITS else [(method, "")]


def limit_of(scope: Scope) -> tuple[int, timedelta] | None:
    """Return the calls of a scope and for how long each counts, None if it has no limit.

    A call counts longer than Slack counts it, by a margin.
    """
    method, channel = scope
    limit = (CHANNEL_LIMITS if channel else METHOD_LIMITS).get(method)
    if limit is None:
        return None
    calls, window = limit
    share = 0.0 if method in SPREAD_METHODS else MARGIN_SHARE
    return calls, window + max(MIN_MARGIN, window * share)


@dataclass(slots=True)
class CallLog:
    """The recent calls of one scope.

    Attributes:
        moments: When the calls are made, in order; some may lie ahead.
        blocked_until: Until when Slack refuses calls, if it said so.
        seen_at: The latest time at which the log was used.
    """

    moments: list[datetime] = field(default_factory=list)
    blocked_until: datetime = LONG_AGO
    seen_at: datetime = LONG_AGO

    def next_call_at(
        self, limit: tuple[int, timedelta] | None, now: datetime, *, is_update: bool
    ) -> datetime:
        """Return when the next call may be made: `now` or later.

        An update of an older message leaves `SPARE_CALLS` for others. Once `BURST_SHARE` of the
        calls are used, the other updates are spread evenly until the oldest call leaves the window,
        so that a free call is never far away for messages that somebody waits for.
        """
        moment = max(now, self.blocked_until)
        if limit is None:
            return moment
        calls, window = limit
        if is_update:
            return max(moment, *self._spread(max(calls - SPARE_CALLS, 1), window, now))
        if len(self.moments) >= calls:
            moment = max(moment, self.moments[-calls] + window)
        return moment

    def _spread(self, calls: int, window: timedelta, now: datetime) -> Iterator[datetime]:
        """Yield the moments before which no further update may be sent."""
        yield now
        recent = [moment for moment in self.moments if moment + window > now]
        if len(recent) >= calls:
            yield recent[-calls] + window
        elif len(recent) >= calls * BURST_SHARE:
            until_free = max(recent[0] + window - recent[-1], timedelta())
            yield recent[-1] + until_free / (calls - len(recent) + 1)

    def record_call(self, limit: tuple[int, timedelta] | None, moment: datetime) -> None:
        """Count a call."""
        if limit is not None:
            self.moments.append(moment)
            del self.moments[: -limit[0]]

    def block(self, until: datetime) -> None:
        """Record that Slack refuses calls for some time."""
        self.blocked_until = max(until, self.blocked_until)

    def follow_clock(self, now: datetime) -> None:
        """Move everything back by as much as the clock was set back."""
        jump = self.seen_at - now
        self.seen_at = now
        if jump <= timedelta():
            return
        self.moments = [moment - jump for moment in self.moments]
        if self.blocked_until != LONG_AGO:
            self.blocked_until -= jump


@dataclass(slots=True)
class RateLimiter:
    """Decides when calls may be made, and remembers them in `logs`."""

    logs: dict[Scope, CallLog] = field(default_factory=dict)

    def reserve(
        self,
        method: str,
        channel: str,
        now: datetime,
        *,
        max_wait: timedelta | None = None,
        is_update: bool = False,
    ) -> timedelta:
        """Count the next call of a method, and return how long to wait before making it.

        Args:
            method: The method of the Web API.
            channel: The channel in its arguments, or nothing.
            now: The current time.
            max_wait: The longest wait, None for as long as necessary.
            is_update: Whether it only updates an older message, so that others go before it.

        Raises:
            LimitReachedError: the wait would be longer than `max_wait`; nothing is counted.
        """
        logs = [(self._log(scope, now), limit_of(scope)) for scope in scopes_of(method, channel)]
        moment = max(log.next_call_at(limit, now, is_update=is_update) for log, limit in logs)
        if max_wait is not None and moment - now > max_wait:
            raise LimitReachedError(method, moment - now)
        for log, limit in logs:
            log.record_call(limit, moment)
        return moment - now

    def back_off(self, method: str, retry_after: float, now: datetime) -> None:
        """Block a method for the seconds that Slack named."""
        self._log((method, ""), now).block(now + timedelta(seconds=retry_after))

    def _log(self, scope: Scope, now: datetime) -> CallLog:
        log = self.logs.setdefault(scope, CallLog())
        log.follow_clock(now)
        return log
