"""Check runs of schedules against plain enumeration: every quarter of an hour in every time zone.

`python -m tests.cron_enumeration` checks ten years in every zone, which takes some minutes. The
tests check the days around each clock change in one zone of each rule.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo, available_timezones

from bot.cron import CronSchedule, iter_runs

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2036, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=15)
AROUND_A_CHANGE = timedelta(days=2)

ClockChanges = tuple[timedelta, tuple[tuple[datetime, timedelta], ...]]
"""Offset from UTC at `START`, and each change: when, and the new offset."""


@dataclass(frozen=True, slots=True)
class EnumeratedCron:
    """A cron expression, and the values that each of its fields allows; all, if empty."""

    cron: str
    minutes: Sequence[int] = ()
    hours: Sequence[int] = ()
    days: Sequence[int] = ()
    months: Sequence[int] = ()
    weekdays: Sequence[int] = ()

    def matches(self, local: datetime) -> bool:
        """Return whether a local time has the minute, hour, day, month and ISO weekday."""
        return (
            (not self.minutes or local.minute in self.minutes)
            and (not self.hours or local.hour in self.hours)
            and (not self.days or local.day in self.days)
            and (not self.months or local.month in self.months)
            and (not self.weekdays or local.isoweekday() in self.weekdays)
        )


CRONS = (
    EnumeratedCron("0 0 * * *", (0,), (0,)),
    EnumeratedCron("30 2 * * *", (30,), (2,)),
    EnumeratedCron("15 1 * * sun", (15,), (1,), weekdays=(7,)),
    EnumeratedCron("45 23 * * 5-6", (45,), (23,), weekdays=(5, 6)),
    EnumeratedCron("0 3 1 * *", (0,), (3,), (1,)),
    EnumeratedCron("0 0 1 */3 *", (0,), (0,), (1,), (1, 4, 7, 10)),
    EnumeratedCron("0 * * * *", (0,)),
    EnumeratedCron("*/30 0-3 * * *", (0, 30), (0, 1, 2, 3)),
)


def zones_by_rule(step: timedelta) -> Mapping[ClockChanges, list[str]]:
    """Return the time zones, grouped by their clock changes; `step` is shorter than any season."""
    zones: dict[ClockChanges, list[str]] = {}
    for name in sorted(available_timezones()):
        zones.setdefault(_clock_changes(ZoneInfo(name), step), []).append(name)
    return zones


def _clock_changes(zone: ZoneInfo, step: timedelta) -> ClockChanges:
    first = offset = _offset(START, zone)
    changes = []
    moment = START
    while moment < END:
        before, moment = moment, moment + step
        if _offset(moment, zone) != offset:
            steps = range((moment - before) // STEP + 1)
            change = before + STEP * bisect_left(
                steps,
                True,  # noqa: FBT003 - the value to find
                key=lambda number: _offset(before + STEP * number, zone) != offset,
            )
            offset = _offset(change, zone)
            changes.append((change, offset))
    return first, tuple(changes)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def find_differences(zone: str, start: datetime, end: datetime) -> Iterator[str]:
    """Yield a line for each cron expression that does not run as enumerated in this time."""
    expected = enumerate_runs(ZoneInfo(zone), start, end)
    for enumerated in CRONS:
        runs = iter_runs(CronSchedule(enumerated.cron, zone), start)
        actual = list(takewhile(lambda due: due <= end, runs))
        for due in sorted(set(actual) ^ set(expected[enumerated.cron])):
            yield f"{zone} {enumerated.cron}: {due}"
        if len(actual) != len(set(actual)):
            yield f"{zone} {enumerated.cron}: the same run twice"


def enumerate_runs(zone: ZoneInfo, start: datetime, end: datetime) -> dict[str, list[datetime]]:
    """Return the runs of each expression: when the clocks first show, or skip, a matching time."""
    runs: dict[str, list[datetime]] = {enumerated.cron: [] for enumerated in CRONS}
    latest = start.astimezone(zone).replace(tzinfo=None)
    moment = start
    while moment < end:
        moment += STEP
        local = moment.astimezone(zone).replace(tzinfo=None)
        while latest < local:
            latest += STEP
            for enumerated in CRONS:
                due = runs[enumerated.cron]
                if enumerated.matches(latest) and (not due or due[-1] != moment):
                    due.append(moment)
    return runs


def main() -> None:
    """Check ten years in every zone; zones whose clocks always agree are checked once."""
    rules = zones_by_rule(timedelta(days=1))
    differences = [
        line for zones in rules.values() for line in find_differences(zones[0], START, END)
    ]
    sys.stdout.writelines(f"{line}\n" for line in differences)
    zone_count = sum(map(len, rules.values()))
    sys.stdout.write(f"{zone_count} zones, {len(rules)} rules: {len(differences)} differences\n")
    raise SystemExit(bool(differences))


if __name__ == "__main__":
    main()
