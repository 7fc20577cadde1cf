"""When reminders are due, and the caps on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cadence.reminders import (
    MAX_UNANSWERED_REMINDERS,
    ReminderCaps,
    ReminderStage,
    count_due_reminders,
    is_below_caps,
    is_opt_out_question_due,
    stage_of,
)
from bot.cadence.working_hours import WorkingHours, start_of_day

QUICK = settings(max_examples=60)
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OFFICE = WorkingHours("UTC", 9 * 60, 17 * 60, [1, 2, 3, 4, 5])
ALWAYS = WorkingHours("UTC", 0, 0, range(1, 8))

DUE = [
    ([], 10_000, 0),
    ([240, 1440], 0, 0),
    ([240, 1440], 239.99, 0),
    ([240, 1440], 240, 1),
    ([240, 1440], 1439, 1),
    ([240, 1440], 1440, 2),
    ([240, 1440], 10**5, 2),
    ([1, 2, 3], 2.5, 2),
]


@pytest.mark.parametrize(("reminder_minutes", "minutes", "count"), DUE)
def test_reminders_become_due_in_order(
    reminder_minutes: list[int], minutes: float, count: int
) -> None:
    now = MONDAY + timedelta(minutes=minutes)
    assert count_due_reminders(ALWAYS, MONDAY, reminder_minutes, now) == count


def test_nights_and_weekends_do_not_count() -> None:
    friday_noon = MONDAY + timedelta(days=4, hours=3)
    reminder_minutes = [4 * 60, 8 * 60]
    counts = [
        count_due_reminders(
            OFFICE, friday_noon, reminder_minutes, friday_noon + timedelta(hours=hours)
        )
        for hours in (3, 4, 5, 60, 70, 73)
    ]
    assert counts == [0, 1, 1, 1, 1, 2]


@pytest.mark.parametrize(
    ("reminder_minutes", "stages"),
    [
        ([60], ["first"]),
        ([60, 120], ["first", "last"]),
        ([60, 120, 180, 240], ["first", "next", "next", "last"]),
    ],
)
def test_each_reminder_has_its_stage(reminder_minutes: list[int], stages: list[str]) -> None:
    assert [
        stage_of(number, reminder_minutes) for number in range(1, len(reminder_minutes) + 1)
    ] == stages
    assert stage_of(len(reminder_minutes) + 5, reminder_minutes) == ReminderStage.LAST


STEPS = st.lists(st.integers(1, 3 * 24 * 60), max_size=60)
CAPS = st.builds(ReminderCaps, st.integers(0, 4), st.integers(0, 9))


@QUICK
@given(steps=STEPS, caps=CAPS, tz=st.sampled_from(["Europe/London", "Pacific/Kiritimati", "UTC"]))
def test_caps_hold_for_every_day_and_every_seven_days(
    steps: list[int], caps: ReminderCaps, tz: str
) -> None:
    now = datetime(2026, 3, 20, tzinfo=UTC)  # the clocks change in London on the 29th
    sent_at: list[datetime] = []
    for minutes in steps:
        now += timedelta(minutes=minutes)
        if is_below_caps(caps, sent_at, tz, now):
            sent_at.append(now)
    for at in sent_at:
        assert _count(sent_at, start_of_day(tz, at), at) <= caps.per_day
        assert (
            _count(sent_at, at - timedelta(days=7) + timedelta(microseconds=1), at) <= caps.per_week
        )


def _count(sent_at: Sequence[datetime], first: datetime, last: datetime) -> int:
    return sum(first <= at <= last for at in sent_at)


def test_reminders_within_caps_are_allowed() -> None:
    assert is_below_caps(ReminderCaps(1, 1), [], "UTC", MONDAY)
    assert is_below_caps(ReminderCaps(1, 9), [MONDAY - timedelta(hours=10)], "UTC", MONDAY)
    assert not is_below_caps(ReminderCaps(1, 9), [MONDAY - timedelta(hours=8)], "UTC", MONDAY)
    assert not is_below_caps(ReminderCaps(9, 1), [MONDAY - timedelta(days=6.9)], "UTC", MONDAY)
    assert is_below_caps(ReminderCaps(9, 1), [MONDAY - timedelta(days=7)], "UTC", MONDAY)


@pytest.mark.parametrize(
    ("count", "hours_later", "is_due"),
    [
        (MAX_UNANSWERED_REMINDERS - 1, 100, False),
        (MAX_UNANSWERED_REMINDERS, 1, False),
        (MAX_UNANSWERED_REMINDERS, 24, True),
    ],
)
def test_opt_out_is_asked_the_day_after_three_unanswered_reminders(
    count: int, hours_later: int, *, is_due: bool
) -> None:
    now = MONDAY + timedelta(hours=hours_later)
    assert is_opt_out_question_due([MONDAY] * count, "UTC", now) is is_due
