"""Working hours in a person's time zone, and durations that count only working hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WORKING_DAY = timedelta(hours=8)
"""Working time in a day, as in a lease of two days."""

DEFAULT_WORK_DAYS = (1, 2, 3, 4, 5)
"""Working days of a person who has none, for leases."""

MAX_WAIT = timedelta(weeks=4)
"""Longest wait for a duration of working time, unless seven times that duration is longer.

Otherwise a task could wait forever for somebody who works an hour a week.
"""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """A person's working hours: minutes after midnight, ISO weekdays (Monday 1), in their zone."""

    tz: str
    starts_minute: int
    ends_minute: int
    days: Sequence[int]


def find_zone(name: str) -> ZoneInfo:
    """Return the time zone, or UTC for an unknown name: profiles contain arbitrary text."""
    return _zone_named(name) or ZoneInfo("UTC")


def is_zone(name: str) -> bool:
    """Return whether a time zone has this name."""
    return _zone_named(name) is not None


def _zone_named(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def is_working(hours: WorkingHours, now: datetime) -> bool:
    """Return whether `now` (aware) is in the person's working hours."""
    local = now.astimezone(find_zone(hours.tz))
    return any(
        opens <= now < closes
        for day in (local.date() - timedelta(days=1), local.date())
        for opens, closes in _day_intervals(hours, day)
    )


def add_working_time(hours: WorkingHours, start: datetime, duration: timedelta) -> datetime:
    """Return when `duration` of working time will have passed since `start` (aware), in UTC.

    A person without working days gets the default ones, so that their tasks still expire. The wait
    is limited by `MAX_WAIT`.
    """
    start = start.astimezone(UTC)
    latest = start + max(MAX_WAIT, 7 * duration)
    remaining = duration
    for opens, closes in _working_intervals(hours, start, latest):
        if closes - opens >= remaining:
            return opens + remaining
        remaining -= closes - opens
    return latest


def working_time(hours: WorkingHours, start: datetime, end: datetime) -> timedelta:
    """Return the working time between `start` and `end` (aware); zero if `end` is earlier."""
    intervals = _working_intervals(hours, start.astimezone(UTC), end.astimezone(UTC))
    return sum((closes - opens for opens, closes in intervals), timedelta())


def start_of_day(tz: str, now: datetime) -> datetime:
    """Return when the current day began in time zone `tz`, in UTC."""
    zone = find_zone(tz)
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)


def _working_intervals(
    hours: WorkingHours, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the working time between two UTC times as intervals that do not overlap."""
    hours = hours if hours.days else replace(hours, days=DEFAULT_WORK_DAYS)
    day = start.astimezone(find_zone(hours.tz)).date() - timedelta(days=1)
    covered_until = start
    while covered_until < end:
        for opens, closes in _day_intervals(hours, day):
            interval = max(opens, covered_until), min(closes, end)
            if interval[0] < interval[1]:
                yield interval
                covered_until = interval[1]
        day += timedelta(days=1)
        if _wall_clock_to_utc(hours, day, 0) > end:
            return


def _day_intervals(hours: WorkingHours, day: date) -> list[tuple[datetime, datetime]]:
    """Return a day's working time in UTC. Hours that end before they start run past midnight."""
    if day.isoweekday() not in hours.days:
        return []
    ends_on = day if hours.ends_minute > hours.starts_minute else day + timedelta(days=1)
    return [
        (
            _wall_clock_to_utc(hours, day, hours.starts_minute),
            _wall_clock_to_utc(hours, ends_on, hours.ends_minute),
        )
    ]


def _wall_clock_to_utc(hours: WorkingHours, day: date, minutes: int) -> datetime:
    """Return a wall-clock minute of a day in UTC, correct across daylight-saving changes."""
    days, minute_of_day = divmod(minutes, 24 * 60)
    wall_time = time(minute_of_day // 60, minute_of_day % 60, tzinfo=find_zone(hours.tz))
    return datetime.combine(day + timedelta(days=days), wall_time).astimezone(UTC)
