"""Rate limits in sliding windows of the sandbox's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import NO_LIMITS, SLACK_LIMITS, RateLimit
from bot.sandbox.clock import AdjustableClock
from bot.sandbox.rate_limits import RateLimiter


class ManualClock:
    """A clock that changes only when it is set."""

    def __init__(self) -> None:
        """Start at the beginning of 2026."""
        self.time = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the time that was set."""
        return self.time

    def on_advance(self, listener: object) -> None:
        """Ignore `listener`."""


def test_slack_limits_are_the_published_numbers() -> None:
    tiers = [SLACK_LIMITS[f"tier {number}"].calls for number in (1, 2, 3, 4)]
    assert tiers == [1, 20, 50, 100]
    assert SLACK_LIMITS["chat.postMessage per channel"] == RateLimit(1, 1.0)


def test_method_has_its_own_limit_or_that_of_its_tier() -> None:
    limits = RateLimiter({"tier 2": RateLimit(1), "own": RateLimit(2)}, AdjustableClock())
    assert [limits.retry_after("own", 2) for _ in range(3)] == [0, 0, 60]
    assert [limits.retry_after("other", 2) for _ in range(2)] == [0, 60]
    assert [limits.retry_after("unlimited", 3) for _ in range(9)] == [0] * 9


def test_each_scope_has_its_own_window() -> None:
    limits = RateLimiter({"a": RateLimit(1, 1)}, AdjustableClock())
    assert [limits.retry_after("a", scope=scope) for scope in "xyx"] == [0, 0, 1]


def test_no_limits_never_limit() -> None:
    limits = RateLimiter(NO_LIMITS, AdjustableClock())
    assert not any(limits.retry_after("chat.update", 3) for _ in range(1000))


def test_wait_shrinks_as_the_clock_advances() -> None:
    clock = AdjustableClock()
    limits = RateLimiter({"a": RateLimit(1)}, clock)
    limits.retry_after("a")
    clock.advance(timedelta(seconds=30))
    assert limits.retry_after("a") == 30
    clock.advance(timedelta(seconds=30))
    assert limits.retry_after("a") == 0


@given(
    pauses=st.lists(st.integers(0, 30), max_size=60),
    calls=st.integers(1, 5),
    seconds=st.integers(1, 20),
)
def test_no_window_exceeds_its_limit(pauses: list[int], calls: int, seconds: int) -> None:
    clock = ManualClock()
    limits = RateLimiter({"a": RateLimit(calls, seconds)}, clock)
    granted: list[datetime] = []
    for pause in pauses:
        clock.time += timedelta(seconds=pause)
        wait = limits.retry_after("a")
        if wait == 0:
            granted.append(clock.time)
        else:
            clock.time += timedelta(seconds=wait)
            assert limits.retry_after("a") == 0, "the returned wait is long enough"
            granted.append(clock.time)
    for start in granted:
        end = start + timedelta(seconds=seconds)
        assert len([time for time in granted if start <= time < end]) <= calls
