"""When a scheduled export runs: at times, after new answers, or when its campaign is complete."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.cron import CronSchedule, cron_of, describe_schedule
from bot.errors import BotError

MAX_ANSWERS = 1_000_000

ANSWERS_PATTERN = re.compile(r"(?:every|after)\s+([0-9][0-9,]{0,11})\s+(?:new\s+)?answers?")

COMPLETION_TEXTS = ("on completion", "when complete")

FIRST_WORDS = ("every", "after", "on", "when")
"""Words with which no time begins."""


class InvalidRecurrenceError(BotError):
    """“{text}” is no schedule; write “daily 06:00”, “every 500 answers” or “on completion”."""


class InvalidAnswerCountError(BotError):
    """A schedule runs after 1 to {limit} new answers, not after {count}."""


@dataclass(frozen=True, slots=True)
class AfterAnswers:
    """An export after every `count` new answers."""

    count: int


@dataclass(frozen=True, slots=True)
class OnCompletion:
    """An export when every item has its answers, and again if items are added and completed."""


Recurrence: TypeAlias = CronSchedule | AfterAnswers | OnCompletion


def parse_recurrence(text: str, tz: str) -> Recurrence:
    """Return when a schedule runs; the times of a cron expression are in the time zone `tz`.

    A cron expression is checked when its next run is computed.

    Raises:
        InvalidRecurrenceError: it begins like “every 500 answers” and is something else.
        InvalidAnswerCountError: the number of answers is out of range.
    """
    words = " ".join(text.lower().split())
    if match := ANSWERS_PATTERN.fullmatch(words):
        count = int(match[1].replace(",", ""))
        if not 1 <= count <= MAX_ANSWERS:
            raise InvalidAnswerCountError(limit=f"{MAX_ANSWERS:,}", count=f"{count:,}")
        return AfterAnswers(count)
    if words in COMPLETION_TEXTS:
        return OnCompletion()
    if words.split(" ")[0] in FIRST_WORDS:
        raise InvalidRecurrenceError(text=text)
    return CronSchedule(cron_of(text), tz)


def stored_recurrence(cron: str, tz: str, after_answers: int | None) -> Recurrence:
    """Return when a stored schedule runs: without a cron expression, it depends on answers."""
    if cron:
        return CronSchedule(cron, tz)
    return AfterAnswers(after_answers) if after_answers else OnCompletion()


def describe_recurrence(
    recurrence: Recurrence, due_at: datetime | None = None, new_answers: int = 0
) -> str:
    """Return when a schedule runs and its next run, in words.

    Examples: “Fridays at 18:00 (Europe/London), next Fri 4 Dec 18:00”, “after every 500 answers,
    next after 180 more”.

    Args:
        recurrence: when it runs.
        due_at: the next run, aware, if it is known.
        new_answers: answers since the last run.
    """
    match recurrence:
        case CronSchedule():
            return describe_schedule(recurrence, due_at)
        case AfterAnswers(count=count):
            missing = max(count - new_answers, 0)
            plural = "answer" if count == 1 else f"{count:,} answers"
            return f"after every {plural}, next after {missing:,} more"
        case OnCompletion():
            return "when every item has its answers"
