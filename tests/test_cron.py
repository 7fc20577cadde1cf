"""When exports recur: cron as people know it, whatever the zone and the season."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cron import (
    CronSchedule,
    InvalidCronError,
    InvalidDurationError,
    UnknownTimeZoneError,
    cron_of,
    next_run,
    parse_duration,
)

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

RULES = [
    ("0 6 * * *", "UTC", "2026-03-03T06:00"),
    ("0 9 * * *", "UTC", "2026-03-03T09:00"),  # never the very moment it is asked for
    ("*/15 * * * *", "UTC", "2026-03-02T09:15"),
    ("0 6 * * *", "Europe/Berlin", "2026-03-03T05:00"),
    ("0 6 * * *", "America/New_York", "2026-03-02T11:00"),
    ("30 5 * * *", "Asia/Kolkata", "2026-03-03T00:00"),
    ("0 6 1 * *", "UTC", "2026-04-01T06:00"),
    ("0 6 29 2 *", "UTC", "2028-02-29T06:00"),
    ("0 6 * jan *", "UTC", "2027-01-01T06:00"),
    ("  0   6  *  *  * ", "UTC", "2026-03-03T06:00"),
    # cron counts weekdays from Sunday, 0 or 7
    ("0 6 * * 0", "UTC", "2026-03-08T06:00"),
    ("0 6 * * 7", "UTC", "2026-03-08T06:00"),
    ("0 6 * * 1", "UTC", "2026-03-09T06:00"),
    ("0 6 * * 5", "UTC", "2026-03-06T06:00"),
    ("0 6 * * SAT", "UTC", "2026-03-07T06:00"),
    ("0 6 * * 6-7", "UTC", "2026-03-07T06:00"),
    ("0 6 * * sat-mon", "UTC", "2026-03-07T06:00"),
    ("0 6 * * 3,5", "UTC", "2026-03-04T06:00"),
    ("0 6 * * */3", "UTC", "2026-03-04T06:00"),  # Sunday, Wednesday, Saturday
    ("0 6 * * 2/3", "UTC", "2026-03-03T06:00"),  # Tuesday, Friday
]


@pytest.mark.parametrize(("cron", "tz", "due"), RULES)
def test_the_next_time_is_the_one_cron_means(cron: str, tz: str, due: str) -> None:
    assert next_run(CronSchedule(cron, tz), MONDAY) == datetime.fromisoformat(due).replace(
        tzinfo=UTC
    )


def test_working_days_are_monday_to_friday() -> None:
    rhythm, moment = CronSchedule("0 6 * * 1-5", "Europe/Berlin"), MONDAY
    weekdays = []
    for _ in range(10):
        moment = next_run(rhythm, moment)
        weekdays.append(moment.astimezone(ZoneInfo("Europe/Berlin")).isoweekday())
    assert weekdays == [2, 3, 4, 5, 1, 2, 3, 4, 5, 1]


@pytest.mark.parametrize(
    ("tz", "start"),
    [("Europe/Berlin", "2026-03-27T12:00"), ("Europe/Berlin", "2026-10-23T12:00")],
)
def test_the_clock_changes_without_a_day_left_out_or_done_twice(tz: str, start: str) -> None:
    times = [datetime.fromisoformat(start).replace(tzinfo=UTC)]
    for _ in range(5):
        times.append(next_run(CronSchedule("30 2 * * *", tz), times[-1]))
    days = [moment.astimezone(ZoneInfo(tz)).date() for moment in times[1:]]
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(days))


def test_what_comes_every_quarter_of_an_hour_does_so_while_the_clocks_go_back() -> None:
    moment = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    due = [
        moment := next_run(CronSchedule("*/15 * * * *", "Europe/Berlin"), moment) for _ in range(8)
    ]
    assert due[-1] - due[0] == timedelta(minutes=15 * 7)


WRONG = [
    ("", "0 fields"),
    ("6", "1 fields, not minute, hour, day, month and weekday"),
    ("@daily", "1 fields"),
    ("0 6 * * * *", "6 fields"),
    ("60 6 * * *", "60"),
    ("0 24 * * *", "24"),
    ("0 6 32 * *", "32"),
    ("0 6 * 13 *", "13"),
    ("0 6 * * 8", "“8” is no weekday"),
    ("0 6 * * fun", "“fun” is no weekday"),
    ("0 6 * * mon-", "“mon-” is no weekday"),
    ("0 6 * * ,", "“” is no weekday"),
    ("0 6 * * */0", "a step of 0"),
    ("x 6 * * *", "x"),
    ("0 6 1 * 1", "days of the month or weekdays, not both"),
    ("0 6 31 2 *", "no day is ever like that"),
]


@pytest.mark.parametrize(("cron", "said"), WRONG)
def test_what_is_no_cron_expression_is_refused_with_an_example(cron: str, said: str) -> None:
    with pytest.raises(InvalidCronError, match=re.escape(said)) as refused:
        next_run(CronSchedule(cron), MONDAY)
    assert "every day at six is “0 6 * * *”" in str(refused.value)


@pytest.mark.parametrize("tz", ["", "Berlin", "Mars/Olympus", "../etc/passwd", "Europe"])
def test_an_unknown_zone_is_refused(tz: str) -> None:
    with pytest.raises(UnknownTimeZoneError, match="write one as in “Europe/Berlin”"):
        next_run(CronSchedule("0 6 * * *", tz), MONDAY)


moments = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2035, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.just(UTC),
)


@given(moments, st.integers(0, 59), st.integers(0, 23), st.integers(0, 6))
def test_a_weekly_time_is_the_first_such_moment_after(
    moment: datetime, minute: int, hour: int, weekday: int
) -> None:
    due = next_run(CronSchedule(f"{minute} {hour} * * {weekday}"), moment)
    assert (due.minute, due.hour, due.isoweekday() % 7) == (minute, hour, weekday)
    assert due > moment >= due - timedelta(days=7)


@pytest.mark.parametrize(
    ("words", "cron"),
    [
        ("daily 06:00", "0 6 * * *"),
        ("weekdays 7:30", "30 7 * * 1-5"),
        ("weekly 18:00", "0 18 * * mon"),
        ("Weekly Friday 18:00", "0 18 * * fri"),
        ("0 6 * * *", "0 6 * * *"),
        ("daily", "daily"),
        ("daily 25:00", "daily 25:00"),
        ("", ""),
    ],
)
def test_words_for_a_rhythm_become_cron_and_the_rest_stays(words: str, cron: str) -> None:
    assert cron_of(words) == cron


@pytest.mark.parametrize("text", ["", "4", "h", "-4h", "4 hours", "1.5h"])
def test_what_is_no_duration_is_told_so(text: str) -> None:
    with pytest.raises(InvalidDurationError, match="no duration"):
        parse_duration(text)


def test_durations_are_read_in_every_unit() -> None:
    read = [parse_duration(text).total_seconds() for text in ("90m", " 4 H ", "2d", "1w")]
    assert read == [5400, 14400, 57600, 144000]
