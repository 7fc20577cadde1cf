"""When somebody is not to be disturbed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.do_not_disturb import dnd_json, is_dnd_active, next_dnd_period
from bot.sandbox.workspace import TimeRange, User

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def user(tz: str = "UTC", hours: tuple[time, time] | None = None, snooze: int = 0) -> User:
    """Return somebody with quiet hours, or who snoozes for so many minutes from noon."""
    until = TimeRange(NOON, NOON + timedelta(minutes=snooze)) if snooze else None
    return User("U1", "ada", "Ada", tz, "", 0, snooze=until, quiet_hours=hours)


def test_without_any_nobody_is_quiet() -> None:
    assert dnd_json(user(), NOON) == {
        "dnd_enabled": False,
        "next_dnd_start_ts": 1,
        "next_dnd_end_ts": 1,
    }


def test_quiet_hours_are_by_her_own_clock_and_last_over_midnight() -> None:
    spell = next_dnd_period(user("Asia/Tokyo", (time(22), time(7))), NOON)
    tokyo = ZoneInfo("Asia/Tokyo")
    assert spell == TimeRange(
        datetime(2026, 11, 23, 22, tzinfo=tokyo), datetime(2026, 11, 24, 7, tzinfo=tokyo)
    )
    assert is_dnd_active(user("Asia/Tokyo", (time(22), time(7))), NOON + timedelta(hours=9))


def test_a_snooze_within_quiet_hours_is_one_spell_with_them() -> None:
    spell = next_dnd_period(user(hours=(time(11), time(13)), snooze=120), NOON)
    assert spell is not None
    assert (spell.start.hour, spell.end.hour) == (11, 14)


def test_a_snooze_that_is_over_is_forgotten() -> None:
    assert next_dnd_period(user(snooze=30), NOON + timedelta(minutes=30)) is None


@given(st.times(), st.times(), st.timedeltas(timedelta(), timedelta(days=1000)))
def test_the_next_spell_is_not_over_and_begins_within_a_day(
    begin: time, end: time, later: timedelta
) -> None:
    now = NOON + later
    spell = next_dnd_period(user("America/New_York", (begin, end)), now)
    assert spell is not None
    assert spell.end > now
    assert spell.start - now <= timedelta(hours=25)
