"""Inputs that the dialogs to create and to edit a campaign share, and the labels of its fields."""

from __future__ import annotations

from bot.services.campaigns.validation import (
    MAX_EXPERT_ANSWERS,
    MAX_OVERLAP,
    MAX_REMOVAL_DAYS,
)
from bot.slack.blockkit.inputs import number_input, text_input
from bot.slack.blockkit.types import InputBlock

MAX_TIMES_CHARACTERS, MAX_GOLD_PERCENT = 100, 50

FIELD_LABELS = {
    "title": "Title",
    "deadline": "Deadline",
    "lease_minutes": "Time limit",
    "reminder_minutes": "Reminders",
    "gold_share": "Gold questions",
    "overlap": "Answers per item",
    "max_overlap": "Maximum answers per item",
    "target_posterior": "Target posterior",
    "skip_policy": "Items skipped as unclear",
    "removal_days": "Days until messages are removed",
    "retention_days": "Days until experts are erased",
    "max_answers": "Maximum answers per expert",
    "max_answers_per_day": "Maximum answers per expert and day",
    "settings": "Settings of the kind",
    "practice_questions": "Practice questions",
    "practice_pass_mark": "Pass mark",
    "practice_attempts": "Practice attempts",
}
"""Labels by the column of a campaign."""

REMOVAL_HINT = (
    "This many days after an answer, the bot deletes its messages, thread replies and files with "
    "the task from Slack. What people wrote or uploaded stays. Empty: never."
)


def reminders_input(times: str) -> InputBlock:
    """Return the input for the times of reminders."""
    return text_input(
        "reminders",
        FIELD_LABELS["reminder_minutes"],
        value=times,
        hint="Working time after a task is sent, such as 4h, 1d. Empty: none.",
        optional=True,
        max_length=MAX_TIMES_CHARACTERS,
    )


def max_overlap_input(count: int | None) -> InputBlock:
    """Return the input for the most answers that an item may get."""
    return number_input(
        "max_overlap",
        FIELD_LABELS["max_overlap"],
        minimum=2,
        maximum=MAX_OVERLAP,
        value=count,
        hint="If the answers conflict, more experts answer, up to this number. Empty: never.",
        optional=True,
    )


def quota_inputs(in_all: int | None, per_day: int | None) -> list[InputBlock]:
    """Return the inputs for the most answers that an expert may give, in all and a day."""
    return [
        number_input(
            "max_answers",
            FIELD_LABELS["max_answers"],
            minimum=1,
            maximum=MAX_EXPERT_ANSWERS,
            value=in_all,
            hint="An expert who has given this many gets no more tasks. Empty: no limit.",
            optional=True,
        ),
        number_input(
            "max_answers_per_day",
            FIELD_LABELS["max_answers_per_day"],
            minimum=1,
            maximum=MAX_EXPERT_ANSWERS,
            value=per_day,
            hint="Tasks continue on the expert's next day. Empty: no limit.",
            optional=True,
        ),
    ]


def removal_input(days: int | None) -> InputBlock:
    """Return the input for the days until the bot removes its messages with a task."""
    return number_input(
        "removal_days",
        FIELD_LABELS["removal_days"],
        minimum=1,
        maximum=MAX_REMOVAL_DAYS,
        value=days,
        hint=REMOVAL_HINT,
        optional=True,
    )


def gold_input(percent: int | None) -> InputBlock:
    """Return the input for the share of gold questions."""
    return number_input(
        "gold_percent",
        f"{FIELD_LABELS['gold_share']} (%)",
        minimum=0,
        maximum=MAX_GOLD_PERCENT,
        value=percent,
        hint="The share of tasks with a known answer, hidden among others, to measure accuracy.",
    )
