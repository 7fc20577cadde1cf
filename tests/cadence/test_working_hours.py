"""Working hours in any time zone, across nights and daylight-saving changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.cadence.working_hours import (
    MAX_WAIT,
    WORKING_DAY,
    WorkingHours,
    add_working_time,
    find_zone,
    is_working,
    start_of_day,
    working_time,
)

QUICK = settings(max_examples=60)


def hours(
    tz: str = "UTC", starts: str = "09:00", ends: str = "17:00", days: str = "12345"
) -> WorkingHours:
    """Return working hours from clock times and weekday digits."""
    return WorkingHours(tz, _minutes(starts), _minutes(ends), [int(day) for day in days])


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def utc(text: str) -> datetime:
    """Parse a time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def next_working_time(person: WorkingHours, now: datetime) -> datetime:
    """Return `now` if the person is at work, else when they next are.

    A helper of these tests over `add_working_time`; the product has no such function.
    """
    return add_working_time(person, now, timedelta())


# 2 March 2026 is a Monday.
WORKING = [
    ("the first minute counts", hours(), "2026-03-02 09:00", True),
    ("the last minute does not", hours(), "2026-03-02 17:00", False),
    ("a moment before the end", hours(), "2026-03-02 16:59:59.999999", True),
    ("a moment before the start", hours(), "2026-03-02 08:59:59.999999", False),
    ("Sunday", hours(), "2026-03-01 12:00", False),
    ("Sunday that is Monday in Auckland", hours("Pacific/Auckland"), "2026-03-01 21:00", True),
    ("Monday that is Tuesday night there", hours("Pacific/Kiritimati"), "2026-03-02 12:00", False),
    ("14 hours ahead: Friday is over", hours("Pacific/Kiritimati"), "2026-03-06 03:00", False),
    ("14 hours ahead: Friday's last hour", hours("Pacific/Kiritimati"), "2026-03-06 02:59", True),
    ("11 hours behind: still Friday", hours("Pacific/Pago_Pago"), "2026-03-07 03:59", True),
    ("11 hours behind: Friday is over", hours("Pacific/Pago_Pago"), "2026-03-07 04:00", False),
    ("a quarter of an hour off", hours("Asia/Kathmandu"), "2026-03-02 03:15", True),
    ("a quarter of an hour off, before", hours("Asia/Kathmandu"), "2026-03-02 03:14", False),
    (
        "a night shift before midnight",
        hours(starts="22:00", ends="06:00"),
        "2026-03-02 23:00",
        True,
    ),
    ("a night shift after midnight", hours(starts="22:00", ends="06:00"), "2026-03-03 05:59", True),
    ("a night shift by day", hours(starts="22:00", ends="06:00"), "2026-03-03 06:00", False),
    (
        "Friday's night ends on Saturday",
        hours(starts="22:00", ends="06:00"),
        "2026-03-07 03:00",
        True,
    ),
    ("Sunday's night is free", hours(starts="22:00", ends="06:00"), "2026-03-02 03:00", False),
    ("around the clock", hours(starts="09:00", ends="09:00"), "2026-03-03 03:00", True),
    (
        "around the clock ends on Saturday",
        hours(starts="09:00", ends="09:00"),
        "2026-03-07 09:00",
        False,
    ),
    ("until midnight", hours(starts="16:00", ends="24:00"), "2026-03-02 23:59", True),
    (
        "until midnight and no longer",
        hours(starts="16:00", ends="24:00"),
        "2026-03-03 00:00",
        False,
    ),
    ("no working day at all", hours(days=""), "2026-03-02 12:00", False),
    ("an unknown zone is UTC", hours("Mars/Olympus"), "2026-03-02 12:00", True),
    ("summer time begins in London", hours("Europe/London"), "2026-03-30 08:00", True),
    ("winter time in London", hours("Europe/London"), "2026-03-27 08:00", False),
    ("summer time in New York", hours("America/New_York"), "2026-03-09 13:00", True),
    ("winter time in New York", hours("America/New_York"), "2026-03-06 13:00", False),
    ("summer time ended in London", hours("Europe/London"), "2026-10-26 08:59", False),
]


@pytest.mark.parametrize(
    ("person", "now", "expected"), [row[1:] for row in WORKING], ids=[r[0] for r in WORKING]
)
def test_working_hours_are_in_local_time(person: WorkingHours, now: str, *, expected: bool) -> None:
    assert is_working(person, utc(now)) is expected


SUNDAYS = "7"
MONDAY_10, TUESDAY_15 = "2026-03-09 10:00", "2026-03-03 15:00"
NEXT = [
    ("at work: now", hours(), "2026-03-02 10:00", "2026-03-02 10:00"),
    ("this morning", hours(), "2026-03-02 08:00", "2026-03-02 09:00"),
    ("tomorrow", hours(), "2026-03-02 17:00", "2026-03-03 09:00"),
    ("after the weekend", hours(), "2026-03-06 17:00", "2026-03-09 09:00"),
    ("one day a week, just missed", hours(days="1"), "2026-03-02 17:00", "2026-03-09 09:00"),
    (
        "in a night shift",
        hours(starts="22:00", ends="06:00"),
        "2026-03-03 05:00",
        "2026-03-03 05:00",
    ),
    (
        "before a night shift",
        hours(starts="22:00", ends="06:00"),
        "2026-03-03 06:00",
        "2026-03-03 22:00",
    ),
    ("14 hours ahead", hours("Pacific/Kiritimati"), "2026-03-01 12:00", "2026-03-01 19:00"),
    ("11 hours behind", hours("Pacific/Pago_Pago"), "2026-03-02 00:00", "2026-03-02 20:00"),
    # London's clocks go from 01:00 to 02:00 on 29 March 2026: 09:00 is an hour earlier in UTC.
    (
        "over the spring change",
        hours("Europe/London", days="7"),
        "2026-03-28 20:00",
        "2026-03-29 08:00",
    ),
    (
        "over the autumn change",
        hours("Europe/London", days="7"),
        "2026-10-24 20:00",
        "2026-10-25 09:00",
    ),
    # 01:30 does not exist that night; it becomes 02:30.
    (
        "in the missing hour",
        hours("Europe/London", "01:30", "05:00", SUNDAYS),
        "2026-03-28 20:00",
        "2026-03-29 01:30",
    ),
    # All of 01:00 to 02:00 is missing: the next Sunday counts.
    (
        "only the missing hour",
        hours("Europe/London", "01:00", "02:00", SUNDAYS),
        "2026-03-28 20:00",
        "2026-04-05 00:00",
    ),
    # 01:30 comes twice on 25 October: the first counts.
    (
        "in the hour that comes twice",
        hours("Europe/London", "01:30", "05:00", SUNDAYS),
        "2026-10-24 20:00",
        "2026-10-25 00:30",
    ),
    (
        "the New York spring change",
        hours("America/New_York", "08:00", "12:00", SUNDAYS),
        "2026-03-08 00:00",
        "2026-03-08 12:00",
    ),
    (
        "the New York autumn change",
        hours("America/New_York", "08:00", "12:00", SUNDAYS),
        "2026-11-01 00:00",
        "2026-11-01 13:00",
    ),
]


@pytest.mark.parametrize(
    ("person", "now", "expected"), [row[1:] for row in NEXT], ids=[r[0] for r in NEXT]
)
def test_next_working_time_is_in_local_time(person: WorkingHours, now: str, expected: str) -> None:
    assert next_working_time(person, utc(now)) == utc(expected)


@pytest.mark.parametrize(
    "tz", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
)
def test_day_has_eight_working_hours_when_clocks_change(tz: str) -> None:
    person = WorkingHours(tz, 9 * 60, 17 * 60, range(1, 8))
    for month, day in ((3, 8), (3, 29), (4, 5), (10, 4), (10, 25), (11, 1)):
        midnight = datetime.combine(date(2026, month, day), datetime.min.time(), ZoneInfo(tz))
        quarters = (midnight.astimezone(UTC) + timedelta(minutes=15 * n) for n in range(96))
        assert sum(is_working(person, quarter) for quarter in quarters) == 32


ZONES = st.sampled_from(
    (
        "UTC",
        "Europe/London",
        "America/New_York",
        "America/Santiago",
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "no/zone",
    )
)
PEOPLE = st.builds(
    WorkingHours,
    tz=ZONES,
    starts_minute=st.integers(0, 24 * 60 - 1),
    ends_minute=st.integers(0, 24 * 60),
    days=st.sets(st.integers(1, 7)).map(sorted),
)
MOMENTS = st.integers(0, 2 * 366 * 24 * 60).map(
    lambda minute: utc("2026-01-01") + timedelta(minutes=minute)
)


@QUICK
@given(person=PEOPLE, now=MOMENTS)
def test_next_working_time_is_in_working_hours(person: WorkingHours, now: datetime) -> None:
    assume(person.days)
    then = next_working_time(person, now)
    assert now <= then <= now + timedelta(days=15)
    assert is_working(person, then)
    assert (then == now) == is_working(person, now)


@QUICK
@given(person=PEOPLE, now=MOMENTS, share=st.floats(0, 0.999))
def test_nobody_is_at_work_before_next_working_time(
    person: WorkingHours, now: datetime, share: float
) -> None:
    assume(person.days)
    then = next_working_time(person, now)
    if then > now:
        assert not is_working(person, now + (then - now) * share)


@QUICK
@given(person=PEOPLE, now=MOMENTS, zone=ZONES)
def test_zone_of_datetime_does_not_matter(person: WorkingHours, now: datetime, zone: str) -> None:
    elsewhere = now.astimezone(find_zone(zone))
    assert is_working(person, elsewhere) == is_working(person, now)
    assert next_working_time(person, elsewhere) == next_working_time(person, now)


LEASES = [
    ("within a morning", hours(), "2026-03-02 10:00", 2, "2026-03-02 12:00"),
    ("to the very end of a day", hours(), "2026-03-02 10:00", 7, "2026-03-02 17:00"),
    ("over a night", hours(), "2026-03-02 16:00", 2, "2026-03-03 10:00"),
    ("over a weekend", hours(), "2026-03-06 16:00", 2, "2026-03-09 10:00"),
    ("started at night", hours(), "2026-03-02 03:00", 2, "2026-03-02 11:00"),
    ("two days from a Friday noon", hours(), "2026-03-06 12:00", 16, "2026-03-10 12:00"),
    ("14 hours ahead", hours("Pacific/Kiritimati"), "2026-03-01 20:00", 16, "2026-03-03 20:00"),
    (
        "a night shift",
        hours(starts="22:00", ends="06:00"),
        "2026-03-02 23:00",
        8,
        "2026-03-03 23:00",
    ),
    # Every day from nine to five local time: on the 29th that is an hour earlier in UTC.
    (
        "over the spring change",
        hours("Europe/London", days="1234567"),
        "2026-03-28 16:00",
        2,
        "2026-03-29 09:00",
    ),
    (
        "over the autumn change",
        hours("Europe/London", days="1234567"),
        "2026-10-24 15:00",
        2,
        "2026-10-25 10:00",
    ),
    # That night has seven working hours in spring, and nine in autumn.
    (
        "through the missing hour",
        hours("Europe/London", "22:00", "06:00", "6"),
        "2026-03-28 22:00",
        8,
        "2026-04-04 22:00",
    ),
    (
        "through the hour that comes twice",
        hours("Europe/London", "22:00", "06:00", "6"),
        "2026-10-24 21:00",
        9,
        "2026-10-25 06:00",
    ),
    ("without working days, by the usual ones", hours(days=""), "2026-03-06 16:00", 2, MONDAY_10),
    ("around the clock", hours(starts="09:00", ends="09:00"), "2026-03-02 09:00", 30, TUESDAY_15),
    ("an hour a week", hours(ends="10:00", days="1"), "2026-03-02 09:00", 16, "2026-03-30 09:00"),
]


@pytest.mark.parametrize(
    ("person", "start", "hours_spent", "end"),
    [row[1:] for row in LEASES],
    ids=[r[0] for r in LEASES],
)
def test_lease_runs_only_in_working_hours(
    person: WorkingHours, start: str, hours_spent: int, end: str
) -> None:
    assert add_working_time(person, utc(start), timedelta(hours=hours_spent)) == utc(end)


DURATIONS = st.integers(0, 60 * 60).map(lambda minutes: timedelta(minutes=minutes))


@QUICK
@given(person=PEOPLE, start=MOMENTS, duration=DURATIONS)
def test_added_working_time_passes_until_end(
    person: WorkingHours, start: datetime, duration: timedelta
) -> None:
    end = add_working_time(person, start, duration)
    latest = start + max(MAX_WAIT, 7 * duration)
    assert start <= end <= latest
    passed = working_time(person, start, end)
    assert passed == duration or (end == latest and passed < duration)


@QUICK
@given(person=PEOPLE, start=MOMENTS, shorter=DURATIONS, more=DURATIONS)
def test_longer_lease_never_ends_sooner(
    person: WorkingHours, start: datetime, shorter: timedelta, more: timedelta
) -> None:
    assert add_working_time(person, start, shorter) <= add_working_time(
        person, start, shorter + more
    )


@QUICK
@given(person=PEOPLE, start=MOMENTS, quarters=st.integers(0, 4 * 24 * 4))
def test_working_time_matches_is_working(
    person: WorkingHours, start: datetime, quarters: int
) -> None:
    person = replace(
        person,
        starts_minute=person.starts_minute // 15 * 15,
        ends_minute=person.ends_minute // 15 * 15,
    )
    start -= timedelta(minutes=start.minute % 15)
    moments = (start + timedelta(minutes=15 * n) for n in range(quarters))
    working_quarters = sum(is_working(person, moment) for moment in moments)
    end = start + timedelta(minutes=15 * quarters)
    if person.days:
        assert working_time(person, start, end) == working_quarters * timedelta(minutes=15)
    assert working_time(person, end, start) == timedelta()


@QUICK
@given(person=PEOPLE, start=MOMENTS, first=DURATIONS, second=DURATIONS)
def test_working_time_is_additive(
    person: WorkingHours, start: datetime, first: timedelta, second: timedelta
) -> None:
    middle, end = start + first, start + first + second
    parts = working_time(person, start, middle) + working_time(person, middle, end)
    assert parts == working_time(person, start, end)


def test_working_day_has_eight_hours() -> None:
    assert working_time(hours(), utc("2026-03-02 00:00"), utc("2026-03-03 00:00")) == WORKING_DAY


@QUICK
@given(tz=ZONES, now=MOMENTS)
def test_day_starts_at_local_midnight(tz: str, now: datetime) -> None:
    start = start_of_day(tz, now)
    assert start <= now < start + timedelta(hours=25)
    assert start.astimezone(find_zone(tz)).date() == now.astimezone(find_zone(tz)).date()


@pytest.mark.parametrize(
    "name",
    ["", "Mars/Olympus", "../../etc/passwd", "Europe", "/etc/localtime", "a\x00b", "ü" * 300, "."],
)
def test_unknown_zone_is_utc(name: str) -> None:
    assert find_zone(name).key == "UTC"


def test_known_zone_is_found() -> None:
    assert find_zone("Asia/Kathmandu").key == "Asia/Kathmandu"
