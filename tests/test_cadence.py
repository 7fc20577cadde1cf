"""When we speak: working hours in any zone, over nights and daylight-saving changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cadence import LOOK_AHEAD, Hours, is_working, next_working, reminders_due, zone_named

QUICK = settings(max_examples=150, deadline=None, derandomize=True)


def hours(
    tz: str = "UTC", starts: str = "09:00", ends: str = "17:00", days: str = "12345"
) -> Hours:
    """Return hours written as people say them."""
    return Hours(tz, _minutes(starts), _minutes(ends), [int(day) for day in days])


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def utc(moment: str) -> datetime:
    """Return a moment written in UTC."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


# 2 March 2026 is a Monday.
AT_WORK = [
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
    ("who", "when", "expected"), [row[1:] for row in AT_WORK], ids=[r[0] for r in AT_WORK]
)
def test_somebody_is_at_work_by_their_own_clock(who: Hours, when: str, *, expected: bool) -> None:
    assert is_working(who, utc(when)) is expected


SUNDAYS = "7"
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
    # 01:30 does not exist that night: it is shown as 02:30.
    (
        "in the missing hour",
        hours("Europe/London", "01:30", "05:00", SUNDAYS),
        "2026-03-28 20:00",
        "2026-03-29 01:30",
    ),
    # All of 01:00 to 01:45 is missing: the next Sunday it is.
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
    ("who", "when", "then"), [row[1:] for row in NEXT], ids=[r[0] for r in NEXT]
)
def test_the_next_working_moment_is_by_their_own_clock(who: Hours, when: str, then: str) -> None:
    assert next_working(who, utc(when)) == utc(then)


def test_somebody_without_working_days_is_never_at_work() -> None:
    assert next_working(hours(days=""), utc("2026-03-02 10:00")) is None


@pytest.mark.parametrize(
    "place", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
)
def test_a_day_has_eight_working_hours_also_when_the_clocks_change(place: str) -> None:
    who = Hours(place, 9 * 60, 17 * 60, range(1, 8))
    for month, day in ((3, 8), (3, 29), (4, 5), (10, 4), (10, 25), (11, 1)):
        noon = datetime.combine(date(2026, month, day), datetime.min.time(), ZoneInfo(place))
        quarters = (noon.astimezone(UTC) + timedelta(minutes=15 * n) for n in range(96))
        assert sum(is_working(who, quarter) for quarter in quarters) == 32


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
ANYONE = st.builds(
    Hours,
    tz=ZONES,
    starts=st.integers(0, 24 * 60 - 1),
    ends=st.integers(0, 24 * 60),
    days=st.sets(st.integers(1, 7)).map(sorted),
)
MOMENTS = st.integers(0, 2 * 366 * 24 * 60).map(
    lambda minute: utc("2026-01-01") + timedelta(minutes=minute)
)


@QUICK
@given(who=ANYONE, now=MOMENTS)
def test_the_next_working_moment_is_not_past_and_they_are_at_work_then(
    who: Hours, now: datetime
) -> None:
    then = next_working(who, now)
    assert (then is None) == (not who.days)
    if then is not None:
        assert now <= then <= now + timedelta(days=LOOK_AHEAD)
        assert is_working(who, then)
        assert (then == now) == is_working(who, now)


@QUICK
@given(who=ANYONE, now=MOMENTS, share=st.floats(0, 0.999))
def test_nobody_is_at_work_before_their_next_working_moment(
    who: Hours, now: datetime, share: float
) -> None:
    then = next_working(who, now)
    if then is not None and then > now:
        assert not is_working(who, now + (then - now) * share)


@QUICK
@given(who=ANYONE, now=MOMENTS, zone=ZONES)
def test_it_does_not_matter_in_which_zone_a_moment_is_written(
    who: Hours, now: datetime, zone: str
) -> None:
    elsewhere = now.astimezone(zone_named(zone))
    assert is_working(who, elsewhere) == is_working(who, now)
    assert next_working(who, elsewhere) == next_working(who, now)


DELIVERED = utc("2026-03-02 09:00")
DUE = [
    ([], 10_000, 0),
    ([240, 1440], 0, 0),
    ([240, 1440], 239.99, 0),
    ([240, 1440], 240, 1),
    ([240, 1440], 1439, 1),
    ([240, 1440], 1440, 2),
    ([240, 1440], 10**6, 2),
    ([1, 2, 3], 2.5, 2),
]


@pytest.mark.parametrize(("plan", "minutes", "count"), DUE)
def test_reminders_fall_due_one_after_the_other(
    plan: list[int], minutes: float, count: int
) -> None:
    assert reminders_due(DELIVERED, plan, DELIVERED + timedelta(minutes=minutes)) == count


@pytest.mark.parametrize(
    "name",
    ["", "Mars/Olympus", "../../etc/passwd", "Europe", "/etc/localtime", "a\x00b", "ü" * 300, "."],
)
def test_a_zone_that_nobody_knows_is_utc(name: str) -> None:
    assert zone_named(name).key == "UTC"


def test_a_known_zone_is_itself() -> None:
    assert zone_named("Asia/Kathmandu").key == "Asia/Kathmandu"
