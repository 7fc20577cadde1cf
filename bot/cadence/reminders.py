"""When a reminder is due, which one it is, and when there were enough of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.cadence.working_hours import WorkingHours, start_of_day, working_time

WEEK = timedelta(days=7)

MAX_UNANSWERED_REMINDERS = 3
"""After so many reminders without a sign of life we ask whether somebody still wants this."""


class ReminderStage(StrEnum):
    """Which of the reminders of a task it is: each has words of its own."""

    FIRST = "first"
    NEXT = "next"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class ReminderCaps:
    """The most reminders that one person gets, over all campaigns: in a day of theirs, in a week.

    The week is any seven days in a row, so that no Monday makes it begin anew.
    """

    per_day: int
    per_week: int


def count_due_reminders(
    hours: WorkingHours, delivered_at: datetime, plan: Sequence[int], now: datetime
) -> int:
    """Return how many reminders should have been sent by `now` (aware).

    `plan` holds the minutes of the person's working time after delivery at which the first, the
    next and so on are due.
    """
    if not plan:
        return 0
    elapsed_minutes = working_time(hours, delivered_at, now) / timedelta(minutes=1)
    return sum(elapsed_minutes >= minutes for minutes in plan)


def stage_of(number: int, plan: Sequence[int]) -> ReminderStage:
    """Say which reminder number `number` (from 1) of a plan is; a single one is the first."""
    if number <= 1:
        return ReminderStage.FIRST
    return ReminderStage.LAST if number >= len(plan) else ReminderStage.NEXT


def is_below_caps(caps: ReminderCaps, sent: Sequence[datetime], tz: str, now: datetime) -> bool:
    """Say whether one more may be sent at `now`, to somebody who was `sent` these in this zone."""
    today = start_of_day(tz, now)
    return (
        sum(at >= today for at in sent) < caps.per_day
        and sum(at > now - WEEK for at in sent) < caps.per_week
    )


def is_opt_out_question_due(sent: Sequence[datetime], tz: str, now: datetime) -> bool:
    """Say whether to ask if somebody still wants this, who left these reminders unanswered.

    Not on the day of the last one: that one may be answered yet.
    """
    return len(sent) >= MAX_UNANSWERED_REMINDERS and max(sent) < start_of_day(tz, now)
