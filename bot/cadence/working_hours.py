"""Working hours in the person's own zone, and clocks that run in them alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOOK_AHEAD_DAYS = 15
"""Days to look ahead for a working one: a fortnight always holds every weekday."""

WORKING_DAY = timedelta(hours=8)
"""What people mean by a day of work, as in a lease of two days."""

DEFAULT_WORK_DAYS = (1, 2, 3, 4, 5)
"""Days by which the clock of somebody runs who named none."""

MAX_WAIT = timedelta(weeks=4)
"""A working-time clock is up after this at the latest, or after seven times as long as it runs:
a task must not wait for ever for somebody who works an hour a week."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """A person's working hours: minutes after midnight, ISO weekdays (Monday 1), in their zone."""

    tz: str
    starts_minute: int
    ends_minute: int
    days: Sequence[int]


def find_zone(name: str) -> ZoneInfo:
    """Return the zone, or UTC for a name that nobody knows: a person's profile may say anything."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def is_working(hours: WorkingHours, now: datetime) -> bool:
    """Say whether the person is at work at `now` (aware)."""
    local = now.astimezone(find_zone(hours.tz))
    return any(
        opens <= now < closes
        for day in (local.date() - timedelta(days=1), local.date())
        for opens, closes in _day_intervals(hours, day)
    )


def next_working_time(hours: WorkingHours, now: datetime) -> datetime | None:
    """Return `now` if the person is at work, else when they next are; None if they never are."""
    if is_working(hours, now):
        return now
    today = now.astimezone(find_zone(hours.tz)).date()
    starts = (
        opens
        for ahead in range(LOOK_AHEAD_DAYS)
        for opens, closes in _day_intervals(hours, today + timedelta(days=ahead))
        if opens > now and closes > opens
    )
    return next(starts, None)


def add_working_time(hours: WorkingHours, start: datetime, duration: timedelta) -> datetime:
    """Return when `duration` of working time will have passed since `start` (aware), in UTC.

    Who named no days is taken to work on the usual ones: whatever they hold moves on some day.
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
    """Return how much working time passes from `start` to `end` (aware): none if `end` is first."""
    intervals = _working_intervals(hours, start.astimezone(UTC), end.astimezone(UTC))
    return sum((closes - opens for opens, closes in intervals), timedelta())


def start_of_day(tz: str, now: datetime) -> datetime:
    """Return when the day began in which `now` is for somebody in this zone, in UTC."""
    zone = find_zone(tz)
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)


def _working_intervals(
    hours: WorkingHours, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the working time between two moments in UTC, piece by piece, no moment twice."""
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
    """Return that day's working time in UTC. Hours that end before they start run past midnight."""
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
    """Return a wall-clock minute of a day in UTC: right across daylight-saving changes."""
    days, rest = divmod(minutes, 24 * 60)
    wall = time(rest // 60, rest % 60, tzinfo=find_zone(hours.tz))
    return datetime.combine(day + timedelta(days=days), wall).astimezone(UTC)
