"""Rate limits as sliding windows by the pretend clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.clock import AdjustableClock
from bot.sandbox import NO_LIMITS, SLACK_LIMITS, RateLimit
from bot.sandbox.rate_limits import RateLimiter


class Still:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        """Stand at the beginning of a year."""
        self.moment = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """Return where it stands."""
        return self.moment

    def on_advance(self, listener: object) -> None:
        """Nobody listens."""


def test_slacks_published_numbers_are_the_default() -> None:
    tiers = [SLACK_LIMITS[f"tier {number}"].calls for number in (1, 2, 3, 4)]
    assert tiers == [1, 20, 50, 100]
    assert SLACK_LIMITS["chat.postMessage per channel"] == RateLimit(1, 1.0)


def test_a_method_has_its_own_limit_or_its_tiers() -> None:
    limits = RateLimiter({"tier 2": RateLimit(1), "own": RateLimit(2)}, AdjustableClock())
    assert [limits.retry_after("own", 2) for _ in range(3)] == [0, 0, 60]
    assert [limits.retry_after("other", 2) for _ in range(2)] == [0, 60]
    assert [limits.retry_after("unlimited", 3) for _ in range(9)] == [0] * 9


def test_windows_are_kept_apart_by_scope() -> None:
    limits = RateLimiter({"a": RateLimit(1, 1)}, AdjustableClock())
    assert [limits.retry_after("a", scope=scope) for scope in "xyx"] == [0, 0, 1]


def test_no_limits_are_none() -> None:
    limits = RateLimiter(NO_LIMITS, AdjustableClock())
    assert not any(limits.retry_after("chat.update", 3) for _ in range(1000))


def test_the_wait_shrinks_as_the_clock_is_turned() -> None:
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
def test_no_window_ever_holds_more_than_its_rate(
    pauses: list[int], calls: int, seconds: int
) -> None:
    clock = Still()
    limits = RateLimiter({"a": RateLimit(calls, seconds)}, clock)
    granted: list[datetime] = []
    for pause in pauses:
        clock.moment += timedelta(seconds=pause)
        wait = limits.retry_after("a")
        if wait == 0:
            granted.append(clock.moment)
        else:
            clock.moment += timedelta(seconds=wait)
            assert limits.retry_after("a") == 0, "whoever waits as long as he is told gets through"
            granted.append(clock.moment)
    for moment in granted:
        window = [
            one for one in granted if timedelta() <= one - moment < timedelta(seconds=seconds)
        ]
        assert len(window) <= calls
