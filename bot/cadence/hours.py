"""Working hours in the person's own zone, and clocks that run in them alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOOK_AHEAD = 15
"""Days to look ahead for a working one: a fortnight always holds every weekday."""

WORKING_DAY = timedelta(hours=8)
"""What people mean by a day of work, as in a lease of two days."""

USUAL_DAYS = (1, 2, 3, 4, 5)
"""Days by which the clock of somebody runs who named none."""

LONGEST_WAIT = timedelta(weeks=4)
"""A working-time clock is up after this at the latest, or after seven times as long as it runs:
a task must not wait for ever for somebody who works an hour a week."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A person's working hours: minutes after midnight, ISO weekdays (Monday 1), in their zone."""

    tz: str
    starts: int
    ends: int
    days: Sequence[int]


def zone_named(name: str) -> ZoneInfo:
    """Return the zone, or UTC for a name that nobody knows: a person's profile may say anything."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def is_working(hours: Hours, now: datetime) -> bool:
    """Say whether the person is at work at `now` (aware)."""
    local = now.astimezone(zone_named(hours.tz))
    return any(
        opens <= now < closes
        for day in (local.date() - timedelta(days=1), local.date())
        for opens, closes in _span(hours, day)
    )


def next_working(hours: Hours, now: datetime) -> datetime | None:
    """Return `now` if the person is at work, else when they next are; None if they never are."""
    if is_working(hours, now):
        return now
    today = now.astimezone(zone_named(hours.tz)).date()
    starts = (
        opens
        for ahead in range(LOOK_AHEAD)
        for opens, closes in _span(hours, today + timedelta(days=ahead))
        if opens > now and closes > opens
    )
    return next(starts, None)


def add_working_time(hours: Hours, start: datetime, duration: timedelta) -> datetime:
    """Return when `duration` of working time will have passed since `start` (aware), in UTC.

    Who named no days is taken to work on the usual ones: whatever they hold moves on some day.
    """
    start = start.astimezone(UTC)
    latest = start + max(LONGEST_WAIT, 7 * duration)
    left = duration
    for opens, closes in _stretches(hours, start, latest):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    return latest


def working_time(hours: Hours, start: datetime, end: datetime) -> timedelta:
    """Return how much working time passes from `start` to `end` (aware): none if `end` is first."""
    stretches = _stretches(hours, start.astimezone(UTC), end.astimezone(UTC))
    return sum((closes - opens for opens, closes in stretches), timedelta())


def midnight(tz: str, now: datetime) -> datetime:
    """Return when the day began in which `now` is for somebody in this zone, in UTC."""
    zone = zone_named(tz)
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)


def _stretches(hours: Hours, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the working time between two moments in UTC, piece by piece, no moment twice."""
    hours = hours if hours.days else replace(hours, days=USUAL_DAYS)
    day = start.astimezone(zone_named(hours.tz)).date() - timedelta(days=1)
    done = start
    while done < end:
        for opens, closes in _span(hours, day):
            piece = max(opens, done), min(closes, end)
            if piece[0] < piece[1]:
                yield piece
                done = piece[1]
        day += timedelta(days=1)
        if _moment(hours, day, 0) > end:
            return


def _span(hours: Hours, day: date) -> list[tuple[datetime, datetime]]:
    """Return that day's working time in UTC. Hours that end before they start run past midnight."""
    if day.isoweekday() not in hours.days:
        return []
    ends_on = day if hours.ends > hours.starts else day + timedelta(days=1)
    return [(_moment(hours, day, hours.starts), _moment(hours, ends_on, hours.ends))]


def _moment(hours: Hours, day: date, minutes: int) -> datetime:
    """Return a wall-clock minute of a day in UTC: right across daylight-saving changes."""
    days, rest = divmod(minutes, 24 * 60)
    wall = time(rest // 60, rest % 60, tzinfo=zone_named(hours.tz))
    return datetime.combine(day + timedelta(days=days), wall).astimezone(UTC)
