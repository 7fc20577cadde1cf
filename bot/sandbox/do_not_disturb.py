"""Do Not Disturb: periods without notifications, from a snooze or daily quiet hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .json_codec import Json
from .workspace import TimeRange, User

NO_DND_TS = 1
"""The timestamp Slack returns if there is no next period."""


def next_dnd_period(user: User, now: datetime) -> TimeRange | None:
    """Return the current or else the next Do Not Disturb period of `user`; None if there is none.

    Periods that overlap now, such as a snooze within quiet hours, are merged.
    """
    periods = [period for period in _dnd_periods(user, now) if period.end > now]
    current = [period for period in periods if period.start <= now]
    if current:
        return TimeRange(
            min(period.start for period in current), max(period.end for period in current)
        )
    return min(periods, default=None)


def _dnd_periods(user: User, now: datetime) -> Iterator[TimeRange]:
    if user.snooze:
        yield user.snooze
    if user.quiet_hours:
        zone = ZoneInfo(user.tz)
        today = now.astimezone(zone).date()
        for days in (-1, 0, 1):
            yield _quiet_hours_on(user.quiet_hours, today + timedelta(days=days), zone)


def _quiet_hours_on(hours: tuple[time, time], day: date, zone: ZoneInfo) -> TimeRange:
    """Return the quiet hours that start on `day`, and end the next day if `end` is not later."""
    start, end = hours
    last_day = day if start < end else day + timedelta(days=1)
    return TimeRange(datetime.combine(day, start, zone), datetime.combine(last_day, end, zone))


def dnd_json(user: User, now: datetime) -> Json:
    """Return the public Do Not Disturb fields of `user`, as in dnd.info and dnd_updated_user."""
    period = next_dnd_period(user, now)
    return {
        "dnd_enabled": period is not None,
        "next_dnd_start_ts": int(period.start.timestamp()) if period else NO_DND_TS,
        "next_dnd_end_ts": int(period.end.timestamp()) if period else NO_DND_TS,
    }


def is_dnd_active(user: User, now: datetime) -> bool:
    """Tell whether Do Not Disturb is active for `user` now."""
    period = next_dnd_period(user, now)
    return period is not None and period.start <= now
