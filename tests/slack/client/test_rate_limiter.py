"""The rate limiter: calls are no faster than Slack allows, and no slower than necessary."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.rate_limits import SLACK_LIMITS, RateLimit
from bot.slack.client.rate_limiter import (
    BURST_SHARE,
    CHANNEL_LIMITS,
    METHOD_LIMITS,
    SPARE_CALLS,
    LimitReachedError,
    RateLimiter,
    Scope,
    limit_of,
    scopes_of,
)

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE, UPDATE_MINUTE = timedelta(seconds=61), timedelta(seconds=60.2)
SECOND = timedelta(seconds=1.2)
UPDATES = METHOD_LIMITS["chat.update"][0]

Calls = list[tuple[float, str, str, bool]]
"""For each call: seconds since the previous one, method, channel, and whether it is an update."""

CALLS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.0, 0.0, 0.3, 1.0, 20.0, 61.0]),
        st.sampled_from([*METHOD_LIMITS, "auth.test"]),
        st.sampled_from(["D1", "D2"]),
        st.booleans(),
    ),
    max_size=160,
)


def simulate(calls: Calls) -> dict[Scope, list[tuple[datetime, datetime]]]:
    """Return by scope when each call was requested and when it may be made."""
    limiter, now = RateLimiter(), START
    times: dict[Scope, list[tuple[datetime, datetime]]] = {}
    for pause, method, channel, is_update in calls:
        now += timedelta(seconds=pause)
        moment = now + limiter.reserve(method, channel, now, is_update=is_update)
        for scope in scopes_of(method, channel):
            times.setdefault(scope, []).append((now, moment))
    return times


@given(calls=CALLS)
def test_no_time_window_exceeds_its_limit(calls: Calls) -> None:
    for scope, times in simulate(calls).items():
        if limit := limit_of(scope):
            moments = sorted(moment for _, moment in times)
            for first, later in zip(moments, moments[limit[0] :], strict=False):
                assert later - first >= limit[1]


@given(calls=CALLS)
def test_awaited_call_waits_no_longer_than_necessary(calls: Calls) -> None:
    awaited = [(pause, "chat.update", channel, False) for pause, _, channel, _ in calls]
    times = simulate(awaited).get(("chat.update", ""), [])
    moments = [moment for _, moment in times]
    assert moments == sorted(moments)
    for number, (requested_at, moment) in enumerate(times):
        is_full = number >= UPDATES
        earliest = moments[number - UPDATES] + UPDATE_MINUTE if is_full else requested_at
        assert moment == max(requested_at, earliest)


def test_each_channel_has_its_own_limit() -> None:
    limiter = RateLimiter()
    assert limiter.reserve("chat.postMessage", "D1", START) == timedelta()
    assert limiter.reserve("chat.postMessage", "D2", START) == timedelta()
    assert limiter.reserve("chat.postMessage", "D1", START) == SECOND


@pytest.mark.parametrize(
    ("method", "minute"), [("chat.update", UPDATE_MINUTE), ("chat.postMessage", MINUTE)]
)
def test_all_channels_share_the_limit_of_the_workspace(method: str, minute: timedelta) -> None:
    limiter, maximum = RateLimiter(), METHOD_LIMITS[method][0]
    waits = [limiter.reserve(method, f"D{number}", START) for number in range(maximum + 1)]
    assert waits == [timedelta()] * maximum + [minute]


def test_limits_are_those_that_the_sandbox_enforces() -> None:
    limits = {
        **METHOD_LIMITS,
        **{f"{name} per channel": value for name, value in CHANNEL_LIMITS.items()},
    }
    for name in set(limits) & set(SLACK_LIMITS):
        calls, window = limits[name]
        assert SLACK_LIMITS[name] == RateLimit(calls, window.total_seconds())


def test_updates_use_nearly_the_whole_limit_and_others_find_a_free_call_soon() -> None:
    limiter, now = RateLimiter(), START
    sent: list[datetime] = []
    longest_wait = timedelta()
    while now < START + timedelta(minutes=5):
        moment = (
            limiter.logs["chat.update", ""].next_call_at(
                limit_of(("chat.update", "")), now, is_update=False
            )
            if sent
            else now
        )
        longest_wait = max(longest_wait, moment - now)
        now += limiter.reserve("chat.update", "D1", now, is_update=True)
        sent.append(now)
    for minute in range(1, 5):
        start = START + timedelta(minutes=minute)
        count = sum(start <= moment < start + timedelta(minutes=1) for moment in sent)
        assert 0.95 * UPDATES <= count <= UPDATES
    assert longest_wait == timedelta()


def test_first_updates_are_sent_at_once() -> None:
    limiter = RateLimiter()
    burst = ceil(BURST_SHARE * (UPDATES - SPARE_CALLS))
    waits = [limiter.reserve("chat.update", "D1", START, is_update=True) for _ in range(burst)]
    assert waits == [timedelta()] * burst
    assert limiter.reserve("chat.update", "D1", START, is_update=True) > timedelta(seconds=1)


def test_call_that_may_not_wait_is_not_counted() -> None:
    limiter = RateLimiter()
    limiter.reserve("chat.postMessage", "D1", START)
    for _ in range(3):
        with pytest.raises(LimitReachedError) as caught:
            limiter.reserve("chat.postMessage", "D1", START, max_wait=timedelta(seconds=0.5))
        assert caught.value.wait == SECOND
    assert limiter.reserve("chat.postMessage", "D1", START + SECOND) == timedelta()


def test_method_without_a_known_limit_is_called_at_once() -> None:
    limiter = RateLimiter()
    assert {limiter.reserve("auth.test", "", START) for _ in range(1_000)} == {timedelta()}


@pytest.mark.parametrize("method", ["chat.update", "auth.test"])
def test_rate_limited_method_waits_for_the_time_that_slack_named(method: str) -> None:
    limiter = RateLimiter()
    limiter.back_off(method, 30, START)
    assert limiter.reserve(method, "", START) == timedelta(seconds=30)
    assert limiter.reserve(method, "", START + timedelta(seconds=31)) == timedelta()


def test_rate_limit_does_not_block_other_methods() -> None:
    limiter = RateLimiter()
    limiter.back_off("chat.update", 30, START)
    assert limiter.reserve("chat.postMessage", "D1", START) == timedelta()


def test_shorter_rate_limit_does_not_shorten_a_longer_one() -> None:
    limiter = RateLimiter()
    limiter.back_off("chat.update", 30, START)
    limiter.back_off("chat.update", 1, START)
    assert limiter.reserve("chat.update", "", START) == timedelta(seconds=30)


@pytest.mark.parametrize("hours", [0.0001, 2, 25])
def test_clock_that_was_set_back_changes_no_wait(hours: float) -> None:
    limiter = RateLimiter()
    earlier = START - timedelta(hours=hours)
    for number in range(UPDATES):
        limiter.reserve("chat.update", f"D{number}", START)
    limiter.reserve("chat.postMessage", "D1", START)
    limiter.back_off("views.publish", 30, START)
    limiter.back_off("auth.test", 30, START)
    assert limiter.reserve("chat.update", "D1", earlier) == UPDATE_MINUTE
    assert limiter.reserve("chat.postMessage", "D1", earlier) == SECOND
    assert limiter.reserve("views.publish", "", earlier) == timedelta(seconds=30)
    limiter.back_off("auth.test", 1, earlier)
    assert limiter.reserve("auth.test", "", earlier) == timedelta(seconds=30)


def test_clock_that_was_set_back_by_the_length_of_a_wait_ends_no_wait_early() -> None:
    limiter = RateLimiter()
    limiter.reserve("chat.postMessage", "D1", START)
    limiter.reserve("chat.postMessage", "D1", START)
    earlier = START - timedelta(seconds=2)
    assert limiter.reserve("chat.postMessage", "D1", earlier) == 2 * SECOND
