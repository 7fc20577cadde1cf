"""When we speak: working hours in the person's own zone, and when a reminder is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOOK_AHEAD = 15
"""Days to look ahead for a working one: a fortnight always holds every weekday."""


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


def reminders_due(delivered_at: datetime, plan: Sequence[int], now: datetime) -> int:
    """Return how many reminders should have been sent by `now` (aware).

    `plan` holds the minutes after delivery at which the first, the next and so on are due.
    """
    passed = (now - delivered_at) / timedelta(minutes=1)
    return sum(passed >= minutes for minutes in plan)
