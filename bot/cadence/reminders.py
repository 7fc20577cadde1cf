"""Which reminder of an assignment is due, and the caps on reminders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.cadence.working_hours import WorkingHours, start_of_day, working_time

WEEK = timedelta(days=7)

MAX_UNANSWERED_REMINDERS = 3
"""Reminders without any activity after which the bot asks whether to opt out."""


class ReminderStage(StrEnum):
    """Stage of a reminder; each has its own text."""

    FIRST = "first"
    NEXT = "next"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class ReminderCaps:
    """Maximum reminders per person over all campaigns, in one of their days and in a week.

    A week is any seven days in a row, so that the count does not restart on Mondays.
    """

    per_day: int
    per_week: int


def count_due_reminders(
    hours: WorkingHours, delivered_at: datetime, reminder_minutes: Sequence[int], now: datetime
) -> int:
    """Return how many reminders should have been sent by `now` (aware).

    `reminder_minutes` are minutes of the expert's working time after delivery, one for each
    reminder.
    """
    if not reminder_minutes:
        return 0
    elapsed_minutes = working_time(hours, delivered_at, now) / timedelta(minutes=1)
    return sum(elapsed_minutes >= minutes for minutes in reminder_minutes)


def stage_of(number: int, reminder_minutes: Sequence[int]) -> ReminderStage:
    """Return the stage of reminder `number` (from 1); a single reminder is the first."""
    if number <= 1:
        return ReminderStage.FIRST
    return ReminderStage.LAST if number >= len(reminder_minutes) else ReminderStage.NEXT


def is_below_caps(caps: ReminderCaps, sent_at: Sequence[datetime], tz: str, now: datetime) -> bool:
    """Return whether the caps allow a reminder after those at `sent_at`, in the expert's zone."""
    today = start_of_day(tz, now)
    return (
        sum(at >= today for at in sent_at) < caps.per_day
        and sum(at > now - WEEK for at in sent_at) < caps.per_week
    )


def is_opt_out_question_due(sent_at: Sequence[datetime], tz: str, now: datetime) -> bool:
    """Return whether to ask an expert who left reminders unanswered if they want to opt out.

    Not on the day of the last reminder, because they may still answer it.
    """
    return len(sent_at) >= MAX_UNANSWERED_REMINDERS and max(sent_at) < start_of_day(tz, now)
