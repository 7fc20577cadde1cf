"""How often an app may call: Slack's published rate limits, in windows by the pretend clock."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.clock import Clock


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
"""Slack's published numbers.

A method has the limit under its own name, or else the one of its tier. For a tier Slack promises
"N+ a minute" and may be more generous on a good day; here it never is. "Several hundred messages a
minute" a workspace is taken as 300. The per-channel burst that Slack tolerates now and then is not
promised, so it is not given.

The numbers for methods with special limits are those that Slack's own Java SDK paces itself by.
"""

NO_LIMITS: dict[str, RateLimit] = {}
"""No limits at all. `NO_LIMITS | {"chat.update": Rate(5)}` limits one method only."""


class RateLimiter:
    """Counts calls in sliding windows and says how long to wait."""

    def __init__(self, rates: Mapping[str, RateLimit], clock: Clock) -> None:
        """Hold callers to `rates`, with windows that pass as `clock` does."""
        self._rates = MappingProxyType(dict(rates))
        self._clock = clock
        self._calls: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    @property
    def rates(self) -> Mapping[str, RateLimit]:
        """The rates that callers are held to now."""
        return self._rates

    def set_rates(self, rates: Mapping[str, RateLimit]) -> None:
        """Hold callers to other `rates` from now on."""
        self._rates = MappingProxyType(dict(rates))

    def retry_after(self, name: str, tier: int | None = None, scope: str = "") -> int:
        """Count one call and return 0, or return the whole seconds to wait instead.

        Args:
            name: the method, or another key of the rates.
            tier: the method's tier, used if the rates do not name the method itself.
            scope: what the window belongs to beside the name, such as a channel.
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
