"""Rate limits as sliding windows by the pretend clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.clock import TurnableClock
from bot.sandbox import NO_LIMITS, SLACK_LIMITS, Rate
from bot.sandbox.limits import Limits


class Still:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        """Stand at the beginning of a year."""
        self.moment = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """Return where it stands."""
        return self.moment

    def on_turn(self, listener: object) -> None:
        """Nobody listens."""


def test_slacks_published_numbers_are_the_default() -> None:
    tiers = [SLACK_LIMITS[f"tier {number}"].calls for number in (1, 2, 3, 4)]
    assert tiers == [1, 20, 50, 100]
    assert SLACK_LIMITS["chat.postMessage per channel"] == Rate(1, 1.0)


def test_a_method_has_its_own_limit_or_its_tiers() -> None:
    limits = Limits({"tier 2": Rate(1), "own": Rate(2)}, TurnableClock())
    assert [limits.wait("own", 2) for _ in range(3)] == [0, 0, 60]
    assert [limits.wait("other", 2) for _ in range(2)] == [0, 60]
    assert [limits.wait("unlimited", 3) for _ in range(9)] == [0] * 9


def test_windows_are_kept_apart_by_scope() -> None:
    limits = Limits({"a": Rate(1, 1)}, TurnableClock())
    assert [limits.wait("a", scope=scope) for scope in "xyx"] == [0, 0, 1]


def test_no_limits_are_none() -> None:
    limits = Limits(NO_LIMITS, TurnableClock())
    assert not any(limits.wait("chat.update", 3) for _ in range(1000))


def test_the_wait_shrinks_as_the_clock_is_turned() -> None:
    clock = TurnableClock()
    limits = Limits({"a": Rate(1)}, clock)
    limits.wait("a")
    clock.turn(timedelta(seconds=30))
    assert limits.wait("a") == 30
    clock.turn(timedelta(seconds=30))
    assert limits.wait("a") == 0


@given(
    pauses=st.lists(st.integers(0, 30), max_size=60),
    calls=st.integers(1, 5),
    seconds=st.integers(1, 20),
)
def test_no_window_ever_holds_more_than_its_rate(
    pauses: list[int], calls: int, seconds: int
) -> None:
    clock = Still()
    limits = Limits({"a": Rate(calls, seconds)}, clock)
    granted: list[datetime] = []
    for pause in pauses:
        clock.moment += timedelta(seconds=pause)
        wait = limits.wait("a")
        if wait == 0:
            granted.append(clock.moment)
        else:
            clock.moment += timedelta(seconds=wait)
            assert limits.wait("a") == 0, "whoever waits as long as he is told gets through"
            granted.append(clock.moment)
    for moment in granted:
        window = [
            one for one in granted if timedelta() <= one - moment < timedelta(seconds=seconds)
        ]
        assert len(window) <= calls
