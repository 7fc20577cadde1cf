"""Client-side limiter for Slack's published rate limits and for its Retry-After answers."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

MINUTE = timedelta(minutes=1)

METHOD_LIMITS: dict[str, tuple[int, timedelta]] = {
    "chat.postMessage": (1, timedelta(seconds=1)),  # in one channel
    "chat.update": (50, MINUTE),
    "conversations.members": (100, MINUTE),
    "conversations.open": (50, MINUTE),
    "dnd.info": (50, MINUTE),
    "files.completeUploadExternal": (80, MINUTE),  # stored images
    "files.info": (80, MINUTE),
    "usergroups.list": (20, MINUTE),
    "usergroups.users.list": (20, MINUTE),
    "users.info": (100, MINUTE),
    "views.publish": (100, MINUTE),
}
"""Calls per time window of each method in the workspace (chat.postMessage: per channel)."""


LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class RateLimiter:
    """Remembers recent calls and decides when the next call of a method may be made.

    When the clock was set back, everything remembered moves back with it, so that no call waits for
    the time that is repeated.
    """

    _calls: dict[tuple[str, str], deque[datetime]] = field(default_factory=dict)
    _blocked_until: dict[str, datetime] = field(default_factory=dict)
    _seen_at: datetime = LONG_AGO

    def reserve(self, method: str, channel: str, now: datetime) -> datetime:
        """Reserve the next call of a method and return when to make it: `now` or later."""
        moment = self.next_call_at(method, channel, now)
        if method in METHOD_LIMITS:
            self._calls_of(method, channel).append(moment)
        return moment

    def next_call_at(
        self, method: str, channel: str, now: datetime, spare_calls: int = 0
    ) -> datetime:
        """Return when a method may be called next: `now` or later.

        With `spare_calls`, so many calls of the time window are left for others.
        """
        self._follow_clock(now)
        moment = max(now, self._blocked_until.get(method, now))
        if method not in METHOD_LIMITS:
            return moment
        max_calls, window = METHOD_LIMITS[method]
        calls = self._calls_of(method, channel)
        usable_calls = max(max_calls - spare_calls, 1)
        if len(calls) >= usable_calls:
            moment = max(moment, calls[-usable_calls] + window)
        return moment

    def _calls_of(self, method: str, channel: str) -> deque[datetime]:
        scope = channel if method == "chat.postMessage" else ""
        return self._calls.setdefault((method, scope), deque(maxlen=METHOD_LIMITS[method][0]))

    def back_off(self, method: str, retry_after: float, now: datetime) -> datetime:
        """Block a method for the seconds that Slack named, and return when that ends."""
        self._follow_clock(now)
        until = now + timedelta(seconds=retry_after)
        self._blocked_until[method] = max(until, self._blocked_until.get(method, until))
        return until

    def _follow_clock(self, now: datetime) -> None:
        """Move everything remembered back by as much as the clock was set back."""
        jump = self._seen_at - now
        self._seen_at = now
        if jump <= timedelta():
            return
        for calls in self._calls.values():
            for position, moment in enumerate(calls):
                calls[position] = moment - jump
        for method, until in self._blocked_until.items():
            self._blocked_until[method] = until - jump
