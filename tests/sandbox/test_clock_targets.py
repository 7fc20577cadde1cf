"""Named times that the clock can be advanced to."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.clock_targets import CLOCK_TARGETS

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("name", "now", "expected"),
    [
        ("workday_morning", "2026-11-20T10:00+09:00", "2026-11-23T09:00+09:00"),
        ("workday_morning", "2026-11-23T08:59+09:00", "2026-11-23T09:00+09:00"),
        ("workday_morning", "2026-11-23T09:00+09:00", "2026-11-24T09:00+09:00"),
        ("monday", "2026-11-23T09:00+09:00", "2026-11-30T09:00+09:00"),
        ("monday", "2026-11-22T23:00+09:00", "2026-11-23T09:00+09:00"),
    ],
)
def test_target_is_the_next_matching_day(name: str, now: str, expected: str) -> None:
    target = CLOCK_TARGETS[name](datetime.fromisoformat(now).astimezone(UTC), TOKYO)
    assert target == datetime.fromisoformat(expected)


def test_target_is_local_nine_across_a_clock_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    friday = datetime(2026, 10, 23, 12, 0, tzinfo=UTC)
    assert CLOCK_TARGETS["monday"](friday, berlin).astimezone(UTC).hour == 8
