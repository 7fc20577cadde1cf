"""Where the clock is turned to."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.clock_targets import CLOCK_TARGETS

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("name", "now", "then"),
    [
        ("working morning", "2026-11-20T10:00+09:00", "2026-11-23T09:00+09:00"),
        ("working morning", "2026-11-23T08:59+09:00", "2026-11-23T09:00+09:00"),
        ("working morning", "2026-11-23T09:00+09:00", "2026-11-24T09:00+09:00"),
        ("monday", "2026-11-23T09:00+09:00", "2026-11-30T09:00+09:00"),
        ("monday", "2026-11-22T23:00+09:00", "2026-11-23T09:00+09:00"),
    ],
)
def test_the_next_one_is_found(name: str, now: str, then: str) -> None:
    found = CLOCK_TARGETS[name](datetime.fromisoformat(now).astimezone(UTC), TOKYO)
    assert found == datetime.fromisoformat(then)


def test_a_morning_is_nine_on_either_side_of_a_change_of_clocks() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    friday = datetime(2026, 10, 23, 12, 0, tzinfo=UTC)
    assert CLOCK_TARGETS["monday"](friday, berlin).astimezone(UTC).hour == 8
