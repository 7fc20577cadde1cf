"""Cron expressions and their next run in a time zone; durations of working time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from bot.clock import format_day
from bot.errors import BotError

WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
"""By cron's numbers."""

WEEKDAY_NAMES = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")

CRON_FIELDS = {
    "minute": "0 to 59",
    "hour": "0 to 23",
    "day of the month": "1 to 31, or L for the last day",
    "month": "1 to 12, or jan to dec",
    "weekday": "0 to 7, or sun to sat",
}
"""The fields of a cron expression in order, with their values."""

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
"""Cron weekdays for the words people use; a weekday may follow “weekly”."""

DAILY_CRON_PATTERN = re.compile(r"(?P<minute>\d{1,2}) (?P<hour>\d{1,2}) \* \* (?P<days>\S+)")
DAY_PHRASES = {"*": "daily", "1-5": "weekdays", "mon-fri": "weekdays"} | {
    day: f"{WEEKDAY_NAMES[number]}s"
    for number, word in enumerate(WEEKDAYS)
    for day in (word, str(number))
}
"""Phrases for cron weekdays."""


@dataclass(frozen=True, slots=True)
class CronSchedule:
    """A cron expression (minute, hour, day, month, weekday) and its time zone."""

    cron: str
    tz: str = "UTC"


class InvalidCronError(BotError):
    """“{cron}” is not a cron expression: {reason}. For every day at 06:00, write “0 6 * * *”."""


class InvalidRunTimeError(BotError):
    """“{text}” is not a time. Write, for example, “daily 06:00” or “weekly fri 18:00”."""


class InvalidDurationError(BotError):
    """“{text}” is not a duration. Write, for example, 90m, 4h, 2d or 1w."""


class UnknownTimeZoneError(BotError):
    """Unknown time zone “{name}”. Write, for example, “Europe/Berlin”."""


def next_run(schedule: CronSchedule, after: datetime) -> datetime:
    """Return the next run of a schedule after `after` (aware), in UTC.

    Raises:
        InvalidCronError: the cron expression is invalid or never matches.
        UnknownTimeZoneError: the time zone does not exist.
    """
    for run in iter_runs(schedule, after):
        return run
    raise InvalidCronError(cron=schedule.cron, reason="no date ever matches it")


def iter_runs(schedule: CronSchedule, after: datetime) -> Iterator[datetime]:
    """Yield the runs of a schedule after `after` (aware) in order, in UTC.

    A run is due when the clocks of the time zone first show its local time. If they skip that time,
    it is due at the first moment after the gap; if they show it twice, only the first counts.

    Raises:
        InvalidCronError, UnknownTimeZoneError: as `next_run`.
    """
    zone = time_zone_named(schedule.tz)
    previous = after
    for local_time in _iter_local_times(schedule.cron, _local_time(after, zone)):
        due = _first_moment_at(local_time, zone)
        if due > previous:
            previous = due
            yield due


def count_runs(schedule: CronSchedule, after: datetime, until: datetime, limit: int) -> int:
    """Return how many runs are due after `after` and not after `until`, at most `limit`.

    Raises:
        InvalidCronError, UnknownTimeZoneError: as `next_run`.
    """
    return sum(due <= until for due in islice(iter_runs(schedule, after), limit))


def cron_of(text: str) -> str:
    """Return the cron expression of “daily 06:00”, “weekdays 7:30” or “weekly fri 18:00”.

    Text that begins with another word is returned with single spaces: it may be a cron expression.

    Raises:
        InvalidRunTimeError: no time follows these words, or it does not exist.
    """
    word, *rest = text.lower().split() or [""]
    days = WEEKDAYS_BY_WORD.get(word)
    if word == "weekly" and rest and rest[0][:3] in WEEKDAYS:
        days = rest.pop(0)[:3]
    clock_time = CLOCK_TIME_PATTERN.fullmatch(rest[0]) if len(rest) == 1 else None
    if days is None:
        return " ".join(text.split())
    if not clock_time:
        raise InvalidRunTimeError(text=text)
    return f"{int(clock_time[2])} {int(clock_time[1])} * * {days}"


def describe_cron(cron: str) -> str:
    """Return a cron expression in words, as in “Fridays at 18:00”; in quotes if it is complex."""
    match = DAILY_CRON_PATTERN.fullmatch(cron.lower())
    days = DAY_PHRASES.get(match["days"]) if match else None
    if match is None or days is None:
        return f"“{cron}”"
    return f"{days} at {int(match['hour']):02}:{int(match['minute']):02}"


def describe_schedule(schedule: CronSchedule, due_at: datetime | None) -> str:
    """Return when a schedule runs, and its next run, if known, in the same time zone.

    Example: “Fridays at 18:00 (Europe/London), next Fri 4 Dec 18:00”.
    """
    times = f"{describe_cron(schedule.cron)} ({schedule.tz})"
    if due_at is None:
        return times
    local = due_at.astimezone(time_zone_named(schedule.tz))
    return f"{times}, next {format_day(local)} {local:%H:%M}"


def format_duration(minutes: int) -> str:
    """Return minutes of working time in the largest unit that fits, such as 4h or 2d."""
    length = timedelta(minutes=minutes)
    units = ((unit, size) for unit, size in reversed(WORKING_UNITS.items()) if not length % size)
    unit, size = next(units)
    return f"{length // size}{unit}"


def parse_duration(text: str) -> timedelta:
    """Parse `90m`, `4h`, `2d` or `1w` of working time: a day has eight hours, a week five days.

    Raises:
        InvalidDurationError: the text has another form.
    """
    match = DURATION_PATTERN.fullmatch(text.strip().lower())
    if not match:
        raise InvalidDurationError(text=text)
    return int(match[1]) * WORKING_UNITS[match[2]]


def _iter_local_times(cron: str, after: datetime) -> Iterator[datetime]:
    """Yield the local times (naive) after `after` that match a cron expression, without end."""
    expression = _parse_cron(cron)
    try:
        yield from CronSim(expression, after)
    except CronSimError:  # each field is valid, but not their combination
        raise InvalidCronError(cron=cron, reason="no date ever matches it") from None
    except (OverflowError, ValueError):
        return  # the calendar ends with the year 9999


def _first_moment_at(local_time: datetime, zone: ZoneInfo) -> datetime:
    """Return when the clocks of a zone first show a local time (naive) or a later one, in UTC."""
    moment = local_time.replace(tzinfo=zone).astimezone(UTC)
    if _local_time(moment, zone) == local_time:
        return moment
    return _end_of_gap(local_time, zone)


def _end_of_gap(local_time: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment after the gap in which the clocks skip `local_time`, by bisection."""
    before = local_time.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = local_time.replace(tzinfo=zone, fold=0).astimezone(UTC)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // timedelta(seconds=2) * timedelta(seconds=1)
        if _local_time(middle, zone) < local_time:
            before = middle
        else:
            after = middle
    return after


def _local_time(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def time_zone_named(name: str) -> ZoneInfo:
    """Return the time zone called `name`.

    Raises:
        UnknownTimeZoneError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownTimeZoneError(name=name) from None


def _parse_cron(cron: str) -> str:
    """Return a cron expression as the library reads it.

    Raises:
        InvalidCronError: it is invalid.
    """
    fields = cron.lower().split()
    if len(fields) != len(CRON_FIELDS):
        reason = f"it needs five fields (minute, hour, day, month, weekday), not {len(fields)}"
        raise InvalidCronError(cron=cron, reason=reason)
    minute, hour, day, month, weekdays = fields
    if day != "*" and weekdays != "*":
        reason = "it has both days of the month and weekdays; use only one of them"
        raise InvalidCronError(cron=cron, reason=reason)
    try:
        weekday_names = "*" if weekdays == "*" else _name_weekdays(weekdays)
    except ValueError as error:
        raise InvalidCronError(cron=cron, reason=str(error)) from None
    parsed = [minute, hour, "L" if day == "last" else day, month, weekday_names]
    for index, (name, values) in enumerate(CRON_FIELDS.items()):
        if not _is_valid_field(parsed[index], index):
            reason = f"the {name} cannot be “{fields[index]}”, only {values}"
            raise InvalidCronError(cron=cron, reason=reason)
    return " ".join(parsed)


def _is_valid_field(text: str, index: int) -> bool:
    expression = ["*"] * len(CRON_FIELDS)
    expression[index] = text
    try:
        CronSim(" ".join(expression), datetime(2000, 1, 1))  # noqa: DTZ001 - local times
    except CronSimError:
        return False
    return True


def _name_weekdays(weekdays: str) -> str:
    """Return weekdays as names: 0 and 7 are Sunday, and a range may span the weekend."""
    numbers = {day for part in weekdays.split(",") for day in _expand_weekdays(part)}
    return ",".join(WEEKDAYS[day] for day in sorted(numbers))


def _expand_weekdays(part: str) -> Iterator[int]:
    match = WEEKDAY_RANGE.fullmatch(part.replace("*", "0-6", 1) if part.startswith("*") else part)
    if not match:
        message = f"“{part}” is not a weekday"
        raise ValueError(message)
    first, step = _parse_weekday(match["first"]), int(match["step"] or 1)
    last = _parse_weekday(match["last"]) if match["last"] else (first if not match["step"] else 6)
    if not step:
        message = "a step cannot be 0"
        raise ValueError(message)
    span = last - first if last >= first else last + len(WEEKDAYS) - first
    return ((first + offset) % len(WEEKDAYS) for offset in range(0, span + 1, step))


def _parse_weekday(word: str) -> int:
    if word in WEEKDAYS:
        return WEEKDAYS.index(word)
    if word.isdecimal() and int(word) <= len(WEEKDAYS):
        return int(word)
    message = f"“{word}” is not a weekday"
    raise ValueError(message)
