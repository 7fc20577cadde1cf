"""Throughput of a campaign: its answers by week, or by day while it is young."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.clock import format_day

DAYS_BY_DAY = 14
"""A campaign with its first answer in the last so many days is shown by day."""

MAX_WEEKS = 8
MAX_SHOWN_DAYS = 7


@dataclass(frozen=True, slots=True)
class ThroughputPeriod:
    """The answers of a campaign on the `days` from `start` on, by UTC day.

    The last period has not ended yet. Gold questions, practice and imported answers do not count.
    """

    start: date
    days: int
    answers: int


def throughput_of(counts: Mapping[date, int], today: date) -> tuple[ThroughputPeriod, ...]:
    """Return the newest periods, the oldest first, from the answers by day.

    They are the last weeks with today, or the last days if the first answer is that young.
    """
    days = [day for day, count in counts.items() if count and day <= today]
    if not days:
        return ()
    if today - min(days) < timedelta(days=DAYS_BY_DAY):
        first = max(min(days), today - timedelta(days=MAX_SHOWN_DAYS - 1))
        shown = (first + timedelta(days=offset) for offset in range((today - first).days + 1))
        return tuple(ThroughputPeriod(day, 1, counts.get(day, 0)) for day in shown)
    weeks: Counter[date] = Counter()
    for day in days:
        weeks[_monday_of(day)] += counts[day]
    last, first = map(_monday_of, (today, min(days)))
    starts = (last - timedelta(weeks=offset) for offset in reversed(range(MAX_WEEKS)))
    return tuple(ThroughputPeriod(one, 7, weeks[one]) for one in starts if one >= first)


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def format_throughput(periods: tuple[ThroughputPeriod, ...]) -> str:
    """Return the periods in one line: “Answers per day: Mon 2 Mar 12, Tue 3 Mar 15 so far”."""
    if not periods:
        return ""
    *ended, current = periods
    unit = "day" if current.days == 1 else "week, from Monday on"
    parts = [
        *(f"{format_day(one.start)} {one.answers:,}" for one in ended),
        f"{format_day(current.start)} {current.answers:,} so far",
    ]
    return f"Answers per {unit}: {', '.join(parts)}"
