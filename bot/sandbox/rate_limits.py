"""Slack's published rate limits, counted in sliding windows of the sandbox's clock."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .clock import Clock


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `calls` in any `seconds`."""

    calls: int
    seconds: float = 60.0


SLACK_LIMITS: dict[str, RateLimit] = {
    "tier 1": RateLimit(1),
    "tier 2": RateLimit(20),
    "tier 3": RateLimit(50),
    "tier 4": RateLimit(100),
    "auth.test": RateLimit(600),
    "chat.getPermalink": RateLimit(600),
    "chat.postMessage": RateLimit(300),
    "chat.postMessage per channel": RateLimit(1, 1.0),
    "events": RateLimit(30_000, 3600.0),
    "app_rate_limited": RateLimit(1),
}
"""Slack's published rate limits.

A method has the limit under its own name, or else that of its tier. Slack promises "N+ per minute"
for a tier and may allow more; the sandbox allows exactly N. "Several hundred messages per minute"
for a workspace is taken as 300. The bursts per channel that Slack sometimes tolerates are not
promised and not allowed.

The limits of methods without a tier are those that Slack's Java SDK paces itself by.
"""

NO_LIMITS: dict[str, RateLimit] = {}
"""No limits. `NO_LIMITS | {"chat.update": RateLimit(5)}` limits only one method."""


class RateLimiter:
    """Counts calls in sliding windows and returns how long to wait."""

    def __init__(self, rates: Mapping[str, RateLimit], clock: Clock) -> None:
        """Enforce `rates`, with windows measured by `clock`."""
        self._rates = MappingProxyType(dict(rates))
        self._clock = clock
        self._calls: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    @property
    def rates(self) -> Mapping[str, RateLimit]:
        """The current rate limits."""
        return self._rates

    def set_rates(self, rates: Mapping[str, RateLimit]) -> None:
        """Replace the rate limits."""
        self._rates = MappingProxyType(dict(rates))

    def retry_after(self, name: str, tier: int | None = None, scope: str = "") -> int:
        """Count a call and return 0, or return the whole seconds to wait if it is over the limit.

        Args:
            name: the method, or another key of the rates.
            tier: the method's tier, used if the rates do not contain the method itself.
            scope: what has a separate window under this name, such as a channel.
        """
        rate = self._rates.get(name) or self._rates.get(f"tier {tier}")
        if rate is None:
            return 0
        now = self._clock.now().timestamp()
        calls = self._calls[name, scope]
        while calls and calls[0] <= now - rate.seconds:
            calls.popleft()
        if len(calls) >= rate.calls:
            return max(1, math.ceil(calls[0] + rate.seconds - now))
        calls.append(now)
        return 0
