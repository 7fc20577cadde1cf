"""When something recurs: cron expressions as people write them, in the time zone they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger

from bot.errors import BotError

WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
"""By cron's numbers. APScheduler counts from Monday, so it is only ever told names."""

FIELDS = 5
RANGE = re.compile(r"(?P<first>[a-z0-9]+)(?:-(?P<last>[a-z0-9]+))?(?:/(?P<step>[0-9]+))?")


UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(hours=8),
    "w": 5 * timedelta(hours=8),
}
DURATION = re.compile(r"(\d{1,6})\s*([mhdw])")
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
DAYS = {"daily": "*", "weekdays": "1-5", "weekly": "mon"}
"""Words for cron's weekdays; weekly may name another day."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A cron expression (minute, hour, day, month, weekday) and the zone it is read in."""

    cron: str
    tz: str = "UTC"


class BadCronError(BotError):
    """“{cron}” is no cron expression ({reason}); every day at six is “0 6 * * *”."""


class BadDurationError(BotError):
    """“{text}” is no duration such as 90m, 4h, 2d or 1w."""


class UnknownZoneError(BotError):
    """“{name}” is no time zone; write one as in “Europe/Berlin”."""


def next_time(rhythm: Rhythm, after: datetime) -> datetime:
    """Return when it is next due: later than `after`, aware, in UTC.

    Raises:
        BadCronError, UnknownZoneError: if nobody can say.
    """
    zone = checked_zone(rhythm.tz)
    trigger = _trigger(rhythm.cron, zone)
    due = _next(rhythm, trigger, after)
    while _comes_twice(due, zone) and not rhythm.cron.split()[1].startswith("*"):
        due = _next(rhythm, trigger, due)
    return due


def cron_from(words: str) -> str:
    """Return the cron expression of “daily 06:00”, “weekdays 7:30” or “weekly fri 18:00”.

    Anything else is returned as it is: it may be a cron expression itself.
    """
    first, *rest = words.lower().split() or [""]
    days = DAYS.get(first)
    if first == "weekly" and rest and rest[0][:3] in WEEKDAYS:
        days = rest.pop(0)[:3]
    clock = CLOCK.fullmatch(rest[0]) if len(rest) == 1 else None
    if days is None or not clock:
        return " ".join(words.split())
    return f"{int(clock[2])} {int(clock[1])} * * {days}"


def duration(text: str) -> timedelta:
    """Read `90m`, `4h`, `2d` or `1w` of working time: a day has eight hours, a week five days.

    Raises:
        BadDurationError: it is something else.
    """
    found = DURATION.fullmatch(text.strip().lower())
    if not found:
        raise BadDurationError(text=text)
    return int(found[1]) * UNITS[found[2]]


def _next(rhythm: Rhythm, trigger: CronTrigger, after: datetime) -> datetime:
    due = trigger.get_next_fire_time(None, after + timedelta(microseconds=1))
    if due is None:
        raise BadCronError(cron=rhythm.cron, reason="no day is ever like that")
    return datetime.fromtimestamp(due.timestamp(), UTC)


def _comes_twice(moment: datetime, zone: ZoneInfo) -> bool:
    """Say whether the clocks went back and show this time again: what has its hour had it then."""
    return moment.astimezone(zone).fold == 1


def checked_zone(name: str) -> ZoneInfo:
    """Return the zone called `name`.

    Raises:
        UnknownZoneError: nobody knows it.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZoneError(name=name) from None


def _trigger(cron: str, zone: ZoneInfo) -> CronTrigger:
    fields = cron.lower().split()
    if len(fields) != FIELDS:
        reason = f"it has {len(fields)} fields, not minute, hour, day, month and weekday"
        raise BadCronError(cron=cron, reason=reason)
    *others, weekdays = fields
    if others[2] != "*" and weekdays != "*":
        reason = "give days of the month or weekdays, not both"
        raise BadCronError(cron=cron, reason=reason)
    try:
        named = _named(weekdays)
        return CronTrigger.from_crontab(" ".join((*others, named)), timezone=zone)
    except ValueError as error:
        raise BadCronError(cron=cron, reason=str(error).rstrip(".")) from None


def _named(weekdays: str) -> str:
    """Write weekdays as names: cron's 0 and 7 are Sunday, and a range may go over the weekend."""
    numbers = {day for part in weekdays.split(",") for day in _days(part)}
    return ",".join(WEEKDAYS[day] for day in sorted(numbers))


def _days(part: str) -> Iterator[int]:
    found = RANGE.fullmatch(part.replace("*", "0-6", 1) if part.startswith("*") else part)
    if not found:
        message = f"“{part}” is no weekday"
        raise ValueError(message)
    first, step = _day(found["first"]), int(found["step"] or 1)
    last = _day(found["last"]) if found["last"] else (first if not found["step"] else 6)
    if not step:
        message = "a step of 0 leads nowhere"
        raise ValueError(message)
    days = last - first if last >= first else last + len(WEEKDAYS) - first
    return ((first + ahead) % len(WEEKDAYS) for ahead in range(0, days + 1, step))


def _day(word: str) -> int:
    if word in WEEKDAYS:
        return WEEKDAYS.index(word)
    if word.isdecimal() and int(word) <= len(WEEKDAYS):
        return int(word)
    message = f"“{word}” is no weekday"
    raise ValueError(message)
