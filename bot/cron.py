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

CRON_FIELD_COUNT = 5
WEEKDAY_RANGE = re.compile(r"(?P<first>[a-z0-9]+)(?:-(?P<last>[a-z0-9]+))?(?:/(?P<step>[0-9]+))?")


WORKING_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(hours=8),
    "w": 5 * timedelta(hours=8),
}
DURATION_PATTERN = re.compile(r"(\d{1,6})\s*([mhdw])")
CLOCK_TIME_PATTERN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
WEEKDAYS_BY_WORD = {"daily": "*", "weekdays": "1-5", "weekly": "mon"}
"""Words for cron's weekdays; weekly may name another day."""


@dataclass(frozen=True, slots=True)
class CronSchedule:
    """A cron expression (minute, hour, day, month, weekday) and the zone it is read in."""

    cron: str
    tz: str = "UTC"


class InvalidCronError(BotError):
    """“{cron}” is no cron expression ({reason}); every day at six is “0 6 * * *”."""


class InvalidDurationError(BotError):
    """“{text}” is no duration such as 90m, 4h, 2d or 1w."""


class UnknownTimeZoneError(BotError):
    """“{name}” is no time zone; write one as in “Europe/Berlin”."""


def next_run(schedule: CronSchedule, after: datetime) -> datetime:
    """Return when it is next due: later than `after`, aware, in UTC.

    Raises:
        BadCronError, UnknownZoneError: if nobody can say.
    """
    zone = time_zone_named(schedule.tz)
    trigger = _build_trigger(schedule.cron, zone)
    due = _next_fire_time(schedule, trigger, after)
    while _is_repeated_hour(due, zone) and not schedule.cron.split()[1].startswith("*"):
        due = _next_fire_time(schedule, trigger, due)
    return due


def cron_of(text: str) -> str:
    """Return the cron expression of “daily 06:00”, “weekdays 7:30” or “weekly fri 18:00”.

    Anything else is returned as it is: it may be a cron expression itself.
    """
    first, *rest = text.lower().split() or [""]
    days = WEEKDAYS_BY_WORD.get(first)
    if first == "weekly" and rest and rest[0][:3] in WEEKDAYS:
        days = rest.pop(0)[:3]
    clock = CLOCK_TIME_PATTERN.fullmatch(rest[0]) if len(rest) == 1 else None
    if days is None or not clock:
        return " ".join(text.split())
    return f"{int(clock[2])} {int(clock[1])} * * {days}"


def parse_duration(text: str) -> timedelta:
    """Read `90m`, `4h`, `2d` or `1w` of working time: a day has eight hours, a week five days.

    Raises:
        BadDurationError: it is something else.
    """
    found = DURATION_PATTERN.fullmatch(text.strip().lower())
    if not found:
        raise InvalidDurationError(text=text)
    return int(found[1]) * WORKING_UNITS[found[2]]


def _next_fire_time(schedule: CronSchedule, trigger: CronTrigger, after: datetime) -> datetime:
    due = trigger.get_next_fire_time(None, after + timedelta(microseconds=1))
    if due is None:
        raise InvalidCronError(cron=schedule.cron, reason="no day is ever like that")
    return datetime.fromtimestamp(due.timestamp(), UTC)


def _is_repeated_hour(moment: datetime, zone: ZoneInfo) -> bool:
    """Say whether the clocks went back and show this time again: what has its hour had it then."""
    return moment.astimezone(zone).fold == 1


def time_zone_named(name: str) -> ZoneInfo:
    """Return the zone called `name`.

    Raises:
        UnknownZoneError: nobody knows it.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownTimeZoneError(name=name) from None


def _build_trigger(cron: str, zone: ZoneInfo) -> CronTrigger:
    fields = cron.lower().split()
    if len(fields) != CRON_FIELD_COUNT:
        reason = f"it has {len(fields)} fields, not minute, hour, day, month and weekday"
        raise InvalidCronError(cron=cron, reason=reason)
    *other_fields, weekdays = fields
    if other_fields[2] != "*" and weekdays != "*":
        reason = "give days of the month or weekdays, not both"
        raise InvalidCronError(cron=cron, reason=reason)
    try:
        weekday_names = _name_weekdays(weekdays)
        return CronTrigger.from_crontab(" ".join((*other_fields, weekday_names)), timezone=zone)
    except ValueError as error:
        raise InvalidCronError(cron=cron, reason=str(error).rstrip(".")) from None


def _name_weekdays(weekdays: str) -> str:
    """Write weekdays as names: cron's 0 and 7 are Sunday, and a range may go over the weekend."""
    numbers = {day for part in weekdays.split(",") for day in _expand_weekdays(part)}
    return ",".join(WEEKDAYS[day] for day in sorted(numbers))


def _expand_weekdays(part: str) -> Iterator[int]:
    found = WEEKDAY_RANGE.fullmatch(part.replace("*", "0-6", 1) if part.startswith("*") else part)
    if not found:
        message = f"“{part}” is no weekday"
        raise ValueError(message)
    first, step = _parse_weekday(found["first"]), int(found["step"] or 1)
    last = _parse_weekday(found["last"]) if found["last"] else (first if not found["step"] else 6)
    if not step:
        message = "a step of 0 leads nowhere"
        raise ValueError(message)
    days = last - first if last >= first else last + len(WEEKDAYS) - first
    return ((first + ahead) % len(WEEKDAYS) for ahead in range(0, days + 1, step))


def _parse_weekday(word: str) -> int:
    if word in WEEKDAYS:
        return WEEKDAYS.index(word)
    if word.isdecimal() and int(word) <= len(WEEKDAYS):
        return int(word)
    message = f"“{word}” is no weekday"
    raise ValueError(message)
