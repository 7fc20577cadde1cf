"""Do Not Disturb periods."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.do_not_disturb import dnd_json, is_dnd_active, next_dnd_period
from bot.sandbox.workspace import TimeRange, User

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def build_user(tz: str = "UTC", hours: tuple[time, time] | None = None, snooze: int = 0) -> User:
    """Return a user with quiet hours, or with a snooze of so many minutes from noon."""
    snooze_period = TimeRange(NOON, NOON + timedelta(minutes=snooze)) if snooze else None
    return User("U1", "ada", "Ada", tz, "", 0, snooze=snooze_period, quiet_hours=hours)


def test_dnd_is_off_by_default() -> None:
    assert dnd_json(build_user(), NOON) == {
        "dnd_enabled": False,
        "next_dnd_start_ts": 1,
        "next_dnd_end_ts": 1,
    }


def test_quiet_hours_use_the_users_time_zone_across_midnight() -> None:
    period = next_dnd_period(build_user("Asia/Tokyo", (time(22), time(7))), NOON)
    tokyo = ZoneInfo("Asia/Tokyo")
    assert period == TimeRange(
        datetime(2026, 11, 23, 22, tzinfo=tokyo), datetime(2026, 11, 24, 7, tzinfo=tokyo)
    )
    assert is_dnd_active(build_user("Asia/Tokyo", (time(22), time(7))), NOON + timedelta(hours=9))


def test_snooze_within_quiet_hours_is_merged() -> None:
    period = next_dnd_period(build_user(hours=(time(11), time(13)), snooze=120), NOON)
    assert period is not None
    assert (period.start.hour, period.end.hour) == (11, 14)


def test_ended_snooze_is_ignored() -> None:
    assert next_dnd_period(build_user(snooze=30), NOON + timedelta(minutes=30)) is None


@given(st.times(), st.times(), st.timedeltas(timedelta(), timedelta(days=1000)))
def test_next_period_starts_within_a_day(start: time, end: time, later: timedelta) -> None:
    now = NOON + later
    period = next_dnd_period(build_user("America/New_York", (start, end)), now)
    assert period is not None
    assert period.end > now
    assert period.start - now <= timedelta(hours=25)
