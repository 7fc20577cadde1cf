"""How fast we speak: never faster than Slack allows, and no slower than need be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.client.rate_limiter import METHOD_LIMITS, RateLimiter

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

Waits = list[tuple[float, str, str]]
"""For each call: the seconds since the one before it, the method and the channel."""

CALLS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.0, 0.0, 0.3, 1.0, 20.0, 61.0]),
        st.sampled_from([*METHOD_LIMITS, "auth.test"]),
        st.sampled_from(["D1", "D2"]),
    ),
    max_size=160,
)


def simulated(calls: Waits) -> dict[tuple[str, str], list[tuple[datetime, datetime]]]:
    """Return by method and place when each call was asked for and when it could go out."""
    pace, now = RateLimiter(), START
    gone: dict[tuple[str, str], list[tuple[datetime, datetime]]] = {}
    for wait, method, channel in calls:
        now += timedelta(seconds=wait)
        where = channel if method == "chat.postMessage" else ""
        gone.setdefault((method, where), []).append((now, pace.reserve(method, channel, now)))
    return gone


@given(calls=CALLS)
def test_no_window_ever_holds_more_calls_than_slack_allows(calls: Waits) -> None:
    for (method, _where), gone in simulated(calls).items():
        if method in METHOD_LIMITS:
            most, window = METHOD_LIMITS[method]
            moments = [moment for _, moment in gone]
            for first, later in zip(moments, moments[most:], strict=False):
                assert later - first >= window


@given(calls=CALLS)
def test_nobody_waits_longer_than_the_limit_asks_for(calls: Waits) -> None:
    for (method, _where), gone in simulated(calls).items():
        moments = [moment for _, moment in gone]
        assert moments == sorted(moments)
        for number, (asked, moment) in enumerate(gone):
            most, window = METHOD_LIMITS.get(method, (1, timedelta()))
            earlier = moments[number - most] + window if number >= most else asked
            assert moment == max(asked, earlier)


def test_each_channel_has_a_pace_of_its_own() -> None:
    pace = RateLimiter()
    assert pace.reserve("chat.postMessage", "D1", START) == START
    assert pace.reserve("chat.postMessage", "D2", START) == START
    assert pace.reserve("chat.postMessage", "D1", START) == START + timedelta(seconds=1)


def test_updates_share_one_pace_in_all_channels() -> None:
    pace = RateLimiter()
    moments = [pace.reserve("chat.update", f"D{number}", START) for number in range(51)]
    assert moments[:50] == [START] * 50
    assert moments[50] == START + timedelta(minutes=1)


def test_a_method_without_a_known_limit_goes_out_at_once() -> None:
    pace = RateLimiter()
    assert {pace.reserve("auth.test", "", START) for _ in range(1_000)} == {START}


@pytest.mark.parametrize("method", ["chat.update", "auth.test"])
def test_after_a_refusal_nobody_calls_before_the_time_that_slack_named(method: str) -> None:
    pace = RateLimiter()
    until = pace.back_off(method, 30, START)
    assert until == START + timedelta(seconds=30)
    assert pace.reserve(method, "", START) == until
    assert pace.reserve(method, "", START + timedelta(seconds=31)) == START + timedelta(seconds=31)


def test_a_refusal_holds_up_no_other_method() -> None:
    pace = RateLimiter()
    pace.back_off("chat.update", 30, START)
    assert pace.reserve("chat.postMessage", "D1", START) == START


def test_a_shorter_refusal_does_not_shorten_a_longer_one() -> None:
    pace = RateLimiter()
    pace.back_off("chat.update", 30, START)
    pace.back_off("chat.update", 1, START)
    assert pace.reserve("chat.update", "", START) == START + timedelta(seconds=30)
