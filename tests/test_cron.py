"""Cron expressions in any time zone and season, and durations."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cron import (
    CronSchedule,
    InvalidCronError,
    InvalidDurationError,
    InvalidRunTimeError,
    UnknownTimeZoneError,
    count_runs,
    cron_of,
    describe_cron,
    iter_runs,
    next_run,
    parse_duration,
)
from tests.cron_enumeration import (
    AROUND_A_CHANGE,
    ClockChanges,
    find_differences,
    zones_by_rule,
)

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

RULES = [
    ("0 6 * * *", "UTC", "2026-03-03T06:00"),
    ("0 9 * * *", "UTC", "2026-03-03T09:00"),  # later than the given time
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
def test_next_run_follows_cron_rules(cron: str, tz: str, due: str) -> None:
    assert next_run(CronSchedule(cron, tz), MONDAY) == datetime.fromisoformat(due).replace(
        tzinfo=UTC
    )


def test_weekday_range_runs_monday_to_friday() -> None:
    schedule, moment = CronSchedule("0 6 * * 1-5", "Europe/Berlin"), MONDAY
    weekdays = []
    for _ in range(10):
        moment = next_run(schedule, moment)
        weekdays.append(moment.astimezone(ZoneInfo("Europe/Berlin")).isoweekday())
    assert weekdays == [2, 3, 4, 5, 1, 2, 3, 4, 5, 1]


@pytest.mark.parametrize(
    ("tz", "start"),
    [("Europe/Berlin", "2026-03-27T12:00"), ("Europe/Berlin", "2026-10-23T12:00")],
)
def test_daily_run_happens_once_a_day_when_clocks_change(tz: str, start: str) -> None:
    times = [datetime.fromisoformat(start).replace(tzinfo=UTC)]
    for _ in range(5):
        times.append(next_run(CronSchedule("30 2 * * *", tz), times[-1]))
    days = [moment.astimezone(ZoneInfo(tz)).date() for moment in times[1:]]
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(days))


def test_time_that_occurs_twice_runs_once_at_the_first() -> None:
    moment = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    due = [
        moment := next_run(CronSchedule("*/30 * * * *", "Europe/Berlin"), moment) for _ in range(3)
    ]
    assert [f"{run:%H:%M}" for run in due] == ["00:30", "02:00", "02:30"]


@pytest.mark.parametrize(
    ("tz", "day", "due"),
    [
        ("America/New_York", "2027-03-15", "2027-03-15T04:00"),
        ("Europe/Berlin", "2027-03-29", "2027-03-28T22:00"),
        ("Australia/Sydney", "2027-10-04", "2027-10-03T13:00"),
        ("Pacific/Auckland", "2027-09-27", "2027-09-26T11:00"),
        ("Asia/Jerusalem", "2027-03-27", "2027-03-26T21:00"),
    ],
)
def test_midnight_after_clocks_go_forward_is_not_skipped(tz: str, day: str, due: str) -> None:
    expected = datetime.fromisoformat(due).replace(tzinfo=UTC)
    before = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(tz)) - timedelta(hours=20)
    assert next_run(CronSchedule("0 0 * * *", tz), before) == expected


@pytest.mark.parametrize(
    ("tz", "day"),
    [
        ("America/Santiago", "2027-09-05"),
        ("Asia/Beirut", "2027-03-28"),
        ("Africa/Cairo", "2027-04-30"),
        ("America/Havana", "2027-03-14"),
        ("Atlantic/Azores", "2027-03-28"),
    ],
)
def test_midnight_that_does_not_exist_runs_at_one(tz: str, day: str) -> None:
    zone = ZoneInfo(tz)
    noon_before = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=zone) - timedelta(days=1)
    schedule = CronSchedule("0 0 * * *", tz)
    due = next_run(schedule, noon_before)
    assert f"{due.astimezone(zone):%Y-%m-%dT%H:%M}" == f"{day}T01:00"
    assert next_run(schedule, due).astimezone(zone).hour == 0


RULES_OF_ZONES = zones_by_rule(timedelta(days=7))


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes", RULES_OF_ZONES, ids=[zones[0] for zones in RULES_OF_ZONES.values()]
)
def test_runs_around_clock_changes_are_those_of_plain_enumeration(changes: ClockChanges) -> None:
    zone = RULES_OF_ZONES[changes][0]
    for change, _ in changes[1]:
        window = change - AROUND_A_CHANGE, change + AROUND_A_CHANGE
        assert list(find_differences(zone, *window)) == []


def test_day_of_the_month_can_be_the_last() -> None:
    runs = list(islice(iter_runs(CronSchedule("0 0 L * *"), MONDAY), 2))
    assert [run.day for run in runs] == [31, 30]
    assert next_run(CronSchedule("0 0 last * *"), MONDAY) == runs[0]


def test_runs_are_counted_up_to_a_limit() -> None:
    daily = CronSchedule("0 9 * * *")
    assert count_runs(daily, MONDAY, MONDAY + timedelta(days=3), limit=99) == 3
    assert count_runs(daily, MONDAY, MONDAY + timedelta(days=3), limit=2) == 2
    assert count_runs(daily, MONDAY, MONDAY, limit=2) == 0


def test_schedule_ends_with_the_calendar() -> None:
    new_years_eve = datetime(9999, 12, 31, 12, tzinfo=UTC)
    with pytest.raises(InvalidCronError, match="no date ever matches it"):
        next_run(CronSchedule("0 6 * * *"), new_years_eve)


INVALID = [
    ("", "not 0"),
    ("6", "it needs five fields (minute, hour, day, month, weekday), not 1"),
    ("@daily", "not 1"),
    ("0 6 * * * *", "not 6"),
    ("60 6 * * *", "the minute cannot be “60”, only 0 to 59"),
    ("0 24 * * *", "the hour cannot be “24”"),
    ("0 6 32 * *", "the day of the month cannot be “32”"),
    ("0 6 30 feb *", "no date ever matches it"),
    ("0 6 * 13 *", "the month cannot be “13”, only 1 to 12"),
    ("0 6 * * 8", "“8” is not a weekday"),
    ("0 6 * * fun", "“fun” is not a weekday"),
    ("0 6 * * mon-", "“mon-” is not a weekday"),
    ("0 6 * * ,", "“” is not a weekday"),
    ("0 6 * * */0", "a step cannot be 0"),
    ("x 6 * * *", "the minute cannot be “x”"),
    ("0 6 1 * 1", "both days of the month and weekdays"),
    ("0 6 31 2 *", "no date ever matches it"),
]


@pytest.mark.parametrize(("cron", "reason"), INVALID)
def test_invalid_cron_is_refused_with_an_example(cron: str, reason: str) -> None:
    with pytest.raises(InvalidCronError, match=re.escape(reason)) as error:
        next_run(CronSchedule(cron), MONDAY)
    assert "For every day at 06:00, write “0 6 * * *”." in str(error.value)


@pytest.mark.parametrize("tz", ["", "Berlin", "Mars/Olympus", "../etc/passwd", "Europe"])
def test_unknown_time_zone_is_refused(tz: str) -> None:
    with pytest.raises(UnknownTimeZoneError, match="Write, for example, “Europe/Berlin”"):
        next_run(CronSchedule("0 6 * * *", tz), MONDAY)


moments = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2035, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.just(UTC),
)


@given(moments, st.integers(0, 59), st.integers(0, 23), st.integers(0, 6))
def test_weekly_run_is_the_first_after_a_time(
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
        (" 0  6 * * *", "0 6 * * *"),
        ("monthly 06:00", "monthly 06:00"),
        ("", ""),
    ],
)
def test_words_become_cron_and_other_text_stays(words: str, cron: str) -> None:
    assert cron_of(words) == cron


@pytest.mark.parametrize(
    "words", ["daily", "daily 25:00", "Daily at six", "weekdays 7", "weekly someday 18:00"]
)
def test_a_time_that_does_not_exist_is_named(words: str) -> None:
    with pytest.raises(InvalidRunTimeError, match=f"“{words}” is not a time. Write, for example"):
        cron_of(words)


@pytest.mark.parametrize(
    ("cron", "description"),
    [
        (cron_of("daily 06:00"), "daily at 06:00"),
        (cron_of("weekdays 7:30"), "weekdays at 07:30"),
        (cron_of("weekly fri 18:00"), "Fridays at 18:00"),
        ("0 18 * * MON-FRI", "weekdays at 18:00"),
        ("0 9 * * 0", "Sundays at 09:00"),
        ("0 6 1 * *", "“0 6 1 * *”"),
        ("*/5 6 * * *", "“*/5 6 * * *”"),
        ("0 6 * * mon,fri", "“0 6 * * mon,fri”"),
    ],
)
def test_common_schedules_are_described_in_words(cron: str, description: str) -> None:
    assert describe_cron(cron) == description


@pytest.mark.parametrize("text", ["", "4", "h", "-4h", "4 hours", "1.5h"])
def test_invalid_duration_is_refused(text: str) -> None:
    with pytest.raises(InvalidDurationError, match="not a duration"):
        parse_duration(text)


def test_durations_have_four_units() -> None:
    seconds = [parse_duration(text).total_seconds() for text in ("90m", " 4 H ", "2d", "1w")]
    assert seconds == [5400, 14400, 57600, 144000]
