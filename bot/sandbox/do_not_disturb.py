"""When somebody wants no notifications: while she snoozes, and in her quiet hours every day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.json_codec import Json
from bot.sandbox.workspace import TimeRange, User

NO_DND_TS = 1
"""What Slack says of the next time if there is none."""


def next_dnd_period(user: User, now: datetime) -> TimeRange | None:
    """Return when `user` is not to be disturbed: now, or the next time; None for never.

    A snooze within quiet hours, or before them, is one spell with them.
    """
    periods = [spell for spell in _dnd_periods(user, now) if spell.end > now]
    current = [spell for spell in periods if spell.start <= now]
    if current:
        return TimeRange(min(spell.start for spell in current), max(spell.end for spell in current))
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
    """Return the quiet hours that begin on `day`; those that end earlier end the day after."""
    begin, end = hours
    last = day if begin < end else day + timedelta(days=1)
    return TimeRange(datetime.combine(day, begin, zone), datetime.combine(last, end, zone))


def dnd_json(user: User, now: datetime) -> Json:
    """Return what everybody may know of it, as dnd.info and dnd_updated_user tell it."""
    period = next_dnd_period(user, now)
    return {
        "dnd_enabled": period is not None,
        "next_dnd_start_ts": int(period.start.timestamp()) if period else NO_DND_TS,
        "next_dnd_end_ts": int(period.end.timestamp()) if period else NO_DND_TS,
    }


def is_dnd_active(user: User, now: datetime) -> bool:
    """Tell whether `user` is not to be disturbed now."""
    period = next_dnd_period(user, now)
    return period is not None and period.start <= now
