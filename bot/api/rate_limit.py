"""A limit on the requests of each key: a token bucket that says when the next one is accepted."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field

from bot.api.errors import TooManyRequestsError

MAX_CALLERS = 10_000
"""Callers whose requests are counted; beyond that, those that were idle longest are forgotten."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


@dataclass(slots=True)
class RateLimit:
    """Accepts `per_minute` requests a minute from each caller, a sixth of it at once."""

    per_minute: int
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def burst(self) -> float:
        """Return how many requests are accepted at once after a pause."""
        return max(self.per_minute / 6, 1.0)

    def take(self, caller: str, now: float) -> None:
        """Count a request at a time in seconds on any clock that does not jump.

        Raises:
            TooManyRequestsError: it is too early; the error says how many seconds to wait.
        """
        rate = self.per_minute / 60
        with self._lock:
            bucket = self._buckets.pop(caller, None) or _Bucket(self.burst, now)
            self._buckets[caller] = bucket  # the newest is last
            if len(self._buckets) > MAX_CALLERS:
                del self._buckets[next(iter(self._buckets))]
            elapsed = max(now - bucket.filled_at, 0)
            bucket.tokens = min(bucket.tokens + elapsed * rate, self.burst)
            bucket.filled_at = now
            if bucket.tokens < 1:
                raise TooManyRequestsError(math.ceil((1 - bucket.tokens) / rate))
            bucket.tokens -= 1
