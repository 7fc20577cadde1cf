"""Do Not Disturb, as reported by Slack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cadence.do_not_disturb import DND_MAX_AGE, is_dnd_fresh, parse_dnd_until

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def dnd_response(starts: float, ends: float, *, enabled: bool = True) -> dict[str, object]:
    """Return a `dnd.info` response for an interval given in minutes from now."""
    begin, end = (int((NOW + timedelta(minutes=m)).timestamp()) for m in (starts, ends))
    return {"dnd_enabled": enabled, "next_dnd_start_ts": begin, "next_dnd_end_ts": end}


@pytest.mark.parametrize(
    ("response", "minutes"),
    [
        (dnd_response(-30, 60), 60),
        (dnd_response(0, 60), 60),
        (dnd_response(3, 60), 60),
        (dnd_response(6, 60), None),
        (dnd_response(-30, 0), None),
        (dnd_response(-30, 60, enabled=False), None),
        ({"dnd_enabled": True, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}, None),
        ({"dnd_enabled": True}, None),
        ({}, None),
    ],
)
def test_dnd_ends_when_slack_says(response: dict[str, object], minutes: int | None) -> None:
    until = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert parse_dnd_until(response, NOW) == until


ANY = st.none() | st.integers() | st.floats() | st.text() | st.booleans()


@given(enabled=ANY, starts=ANY, ends=ANY)
def test_any_response_is_parsed(enabled: object, starts: object, ends: object) -> None:
    response = {"dnd_enabled": enabled, "next_dnd_start_ts": starts, "next_dnd_end_ts": ends}
    until = parse_dnd_until(response, NOW)
    assert until is None or until > NOW


def test_response_expires() -> None:
    assert not is_dnd_fresh(None, NOW)
    assert is_dnd_fresh(NOW, NOW)
    assert not is_dnd_fresh(NOW - DND_MAX_AGE, NOW)


def test_response_that_lies_ahead_is_not_valid_because_the_clock_was_set_back() -> None:
    assert not is_dnd_fresh(NOW + DND_MAX_AGE, NOW)
