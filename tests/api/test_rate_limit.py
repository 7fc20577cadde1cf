"""Tests of the limit on requests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api.errors import TooManyRequestsError
from bot.api.rate_limit import MAX_CALLERS, RateLimit


@given(st.integers(1, 600), st.lists(st.floats(0, 5), max_size=60))
def test_no_more_is_accepted_than_the_limit_allows(per_minute: int, pauses: list[float]) -> None:
    limit, now, accepted = RateLimit(per_minute), 0.0, 0
    for pause in pauses:
        now += pause
        try:
            limit.take("loop", now)
        except TooManyRequestsError as error:
            seconds = int(error.headers["Retry-After"])
            assert 1 <= seconds <= 61
            limit.take("loop", now + seconds)  # what the error said is true
            now += seconds
        accepted += 1
    assert accepted <= limit.burst + now * per_minute / 60 + 1e-6


def test_callers_do_not_share_a_limit_and_are_forgotten() -> None:
    limit = RateLimit(6)
    for number in range(MAX_CALLERS + 10):
        limit.take(f"key-{number}", 0.0)
    with pytest.raises(TooManyRequestsError):
        limit.take(f"key-{MAX_CALLERS}", 0.0)
    limit.take("key-0", 0.0)
