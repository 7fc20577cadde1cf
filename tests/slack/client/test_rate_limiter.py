"""The rate limiter: calls are no faster than Slack allows, and no slower than necessary."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.client.rate_limiter import METHOD_LIMITS, RateLimiter

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

Calls = list[tuple[float, str, str]]
"""For each call: seconds since the previous one, method and channel."""

CALLS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.0, 0.0, 0.3, 1.0, 20.0, 61.0]),
        st.sampled_from([*METHOD_LIMITS, "auth.test"]),
        st.sampled_from(["D1", "D2"]),
    ),
    max_size=160,
)


def simulate(calls: Calls) -> dict[tuple[str, str], list[tuple[datetime, datetime]]]:
    """Return by method and scope when each call was requested and when it may be made."""
    limiter, now = RateLimiter(), START
    times: dict[tuple[str, str], list[tuple[datetime, datetime]]] = {}
    for pause, method, channel in calls:
        now += timedelta(seconds=pause)
        scope = channel if method == "chat.postMessage" else ""
        times.setdefault((method, scope), []).append((now, limiter.reserve(method, channel, now)))
    return times


@given(calls=CALLS)
def test_no_time_window_exceeds_its_limit(calls: Calls) -> None:
    for (method, _scope), times in simulate(calls).items():
        if method in METHOD_LIMITS:
            maximum, window = METHOD_LIMITS[method]
            call_times = [call_time for _, call_time in times]
            for first, later in zip(call_times, call_times[maximum:], strict=False):
                assert later - first >= window


@given(calls=CALLS)
def test_no_call_waits_longer_than_necessary(calls: Calls) -> None:
    for (method, _scope), times in simulate(calls).items():
        call_times = [call_time for _, call_time in times]
        assert call_times == sorted(call_times)
        for number, (requested_at, call_time) in enumerate(times):
            maximum, window = METHOD_LIMITS.get(method, (1, timedelta()))
            is_full = number >= maximum
            earliest = call_times[number - maximum] + window if is_full else requested_at
            assert call_time == max(requested_at, earliest)


def test_each_channel_has_its_own_limit() -> None:
    limiter = RateLimiter()
    assert limiter.reserve("chat.postMessage", "D1", START) == START
    assert limiter.reserve("chat.postMessage", "D2", START) == START
    assert limiter.reserve("chat.postMessage", "D1", START) == START + timedelta(seconds=1)


def test_updates_share_one_limit_in_all_channels() -> None:
    limiter = RateLimiter()
    call_times = [limiter.reserve("chat.update", f"D{number}", START) for number in range(51)]
    assert call_times[:50] == [START] * 50
    assert call_times[50] == START + timedelta(minutes=1)


def test_spare_calls_are_left_for_others() -> None:
    limiter = RateLimiter()
    for number in range(30):
        assert limiter.next_call_at("chat.update", "D1", START, spare_calls=20) == START
        limiter.reserve("chat.update", f"D{number}", START)
    a_minute_later = START + timedelta(minutes=1)
    assert limiter.next_call_at("chat.update", "D1", START, spare_calls=20) == a_minute_later
    assert limiter.next_call_at("chat.update", "D1", START) == START


def test_method_without_a_known_limit_is_called_at_once() -> None:
    limiter = RateLimiter()
    assert {limiter.reserve("auth.test", "", START) for _ in range(1_000)} == {START}


@pytest.mark.parametrize("method", ["chat.update", "auth.test"])
def test_rate_limited_method_waits_for_the_time_that_slack_named(method: str) -> None:
    limiter = RateLimiter()
    until = limiter.back_off(method, 30, START)
    assert until == START + timedelta(seconds=30)
    assert limiter.reserve(method, "", START) == until
    assert limiter.reserve(method, "", START + timedelta(seconds=31)) == START + timedelta(
        seconds=31
    )


def test_rate_limit_does_not_block_other_methods() -> None:
    limiter = RateLimiter()
    limiter.back_off("chat.update", 30, START)
    assert limiter.reserve("chat.postMessage", "D1", START) == START


def test_shorter_rate_limit_does_not_shorten_a_longer_one() -> None:
    limiter = RateLimiter()
    limiter.back_off("chat.update", 30, START)
    limiter.back_off("chat.update", 1, START)
    assert limiter.reserve("chat.update", "", START) == START + timedelta(seconds=30)


@pytest.mark.parametrize("hours", [0.0001, 2, 25])
def test_clock_that_was_set_back_changes_no_wait(hours: float) -> None:
    limiter = RateLimiter()
    earlier = START - timedelta(hours=hours)
    for number in range(50):
        limiter.reserve("chat.update", f"D{number}", START)
    limiter.reserve("chat.postMessage", "D1", START)
    limiter.back_off("views.publish", 30, START)
    limiter.back_off("auth.test", 30, START)
    assert limiter.next_call_at("chat.update", "D1", earlier) == earlier + timedelta(minutes=1)
    assert limiter.reserve("chat.postMessage", "D1", earlier) == earlier + timedelta(seconds=1)
    assert limiter.reserve("views.publish", "", earlier) == earlier + timedelta(seconds=30)
    assert limiter.back_off("auth.test", 1, earlier) == earlier + timedelta(seconds=1)
    assert limiter.reserve("auth.test", "", earlier) == earlier + timedelta(seconds=30)


def test_clock_that_was_set_back_by_the_length_of_a_wait_ends_no_wait_early() -> None:
    limiter = RateLimiter()
    limiter.reserve("chat.postMessage", "D1", START)
    limiter.reserve("chat.postMessage", "D1", START)
    earlier = START - timedelta(seconds=2)
    assert limiter.reserve("chat.postMessage", "D1", earlier) == earlier + timedelta(seconds=2)
