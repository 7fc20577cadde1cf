"""When reminders are due, and that nobody gets more of them than the caps allow."""

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


@pytest.mark.parametrize(("plan", "minutes", "count"), DUE)
def test_reminders_fall_due_one_after_the_other(
    plan: list[int], minutes: float, count: int
) -> None:
    now = MONDAY + timedelta(minutes=minutes)
    assert count_due_reminders(ALWAYS, MONDAY, plan, now) == count


def test_nights_and_weekends_do_not_count() -> None:
    friday_noon = MONDAY + timedelta(days=4, hours=3)
    plan = [4 * 60, 8 * 60]
    counts = [
        count_due_reminders(OFFICE, friday_noon, plan, friday_noon + timedelta(hours=hours))
        for hours in (3, 4, 5, 60, 70, 73)
    ]
    assert counts == [0, 1, 1, 1, 1, 2]


@pytest.mark.parametrize(
    ("plan", "stages"),
    [
        ([60], ["first"]),
        ([60, 120], ["first", "last"]),
        ([60, 120, 180, 240], ["first", "next", "next", "last"]),
    ],
)
def test_each_has_its_stage(plan: list[int], stages: list[str]) -> None:
    assert [stage_of(number, plan) for number in range(1, len(plan) + 1)] == stages
    assert stage_of(len(plan) + 5, plan) == ReminderStage.LAST


STEPS = st.lists(st.integers(1, 3 * 24 * 60), max_size=60)
CAPS = st.builds(ReminderCaps, st.integers(0, 4), st.integers(0, 9))


@QUICK
@given(steps=STEPS, caps=CAPS, tz=st.sampled_from(["Europe/London", "Pacific/Kiritimati", "UTC"]))
def test_no_day_and_no_seven_days_hold_more_than_the_caps(
    steps: list[int], caps: ReminderCaps, tz: str
) -> None:
    now = datetime(2026, 3, 20, tzinfo=UTC)  # the clocks change in London on the 29th
    sent: list[datetime] = []
    for minutes in steps:
        now += timedelta(minutes=minutes)
        if is_below_caps(caps, sent, tz, now):
            sent.append(now)
    for at in sent:
        assert _count(sent, start_of_day(tz, at), at) <= caps.per_day
        assert _count(sent, at - timedelta(days=7) + timedelta(microseconds=1), at) <= caps.per_week


def _count(sent: Sequence[datetime], first: datetime, last: datetime) -> int:
    return sum(first <= at <= last for at in sent)


def test_within_the_caps_everything_is_allowed() -> None:
    assert is_below_caps(ReminderCaps(1, 1), [], "UTC", MONDAY)
    assert is_below_caps(ReminderCaps(1, 9), [MONDAY - timedelta(hours=10)], "UTC", MONDAY)
    assert not is_below_caps(ReminderCaps(1, 9), [MONDAY - timedelta(hours=8)], "UTC", MONDAY)
    assert not is_below_caps(ReminderCaps(9, 1), [MONDAY - timedelta(days=6.9)], "UTC", MONDAY)
    assert is_below_caps(ReminderCaps(9, 1), [MONDAY - timedelta(days=7)], "UTC", MONDAY)


@pytest.mark.parametrize(
    ("sent", "hours_later", "asks"),
    [
        (MAX_UNANSWERED_REMINDERS - 1, 100, False),
        (MAX_UNANSWERED_REMINDERS, 1, False),
        (MAX_UNANSWERED_REMINDERS, 24, True),
    ],
)
def test_after_three_unanswered_ones_we_ask_on_another_day(
    sent: int, hours_later: int, *, asks: bool
) -> None:
    now = MONDAY + timedelta(hours=hours_later)
    assert is_opt_out_question_due([MONDAY] * sent, "UTC", now) is asks
