"""Named times that the clock can be advanced to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

WORKDAY_START = time(9, 0)
"""The time of day that the clock is advanced to."""

FRIDAY_ISO_WEEKDAY = 5


def next_working_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the next 09:00 of a Monday to Friday in `zone`; `now` is aware."""
    return _next_matching_day(now, zone, lambda day: day.isoweekday() <= FRIDAY_ISO_WEEKDAY)


def next_monday(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the next 09:00 of a Monday in `zone`; `now` is aware."""
    return _next_matching_day(now, zone, lambda day: day.isoweekday() == 1)


def _next_matching_day(
    now: datetime, zone: ZoneInfo, matches: Callable[[datetime], bool]
) -> datetime:
    day = now.astimezone(zone).date()
    moment = datetime.combine(day, WORKDAY_START, zone)
    while moment <= now or not matches(moment):
        day += timedelta(days=1)
        moment = datetime.combine(day, WORKDAY_START, zone)
    return moment


CLOCK_TARGETS: dict[str, Callable[[datetime, ZoneInfo], datetime]] = {
    "workday_morning": next_working_morning,
    "monday": next_monday,
}
"""Functions from the current time and a time zone to the target time, by name."""
