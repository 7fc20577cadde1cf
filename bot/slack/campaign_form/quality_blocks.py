"""The part of the campaign form about quality: gold questions, failures and practice."""

from __future__ import annotations

from bot.kinds import kind_named
from bot.quality.votes import votes_of
from bot.services.campaigns.validation import MAX_PRACTICE_ATTEMPTS, MAX_PRACTICE_QUESTIONS
from bot.slack.blockkit.entries import Inputs, number_within
from bot.slack.blockkit.inputs import number_input, select_input
from bot.slack.blockkit.types import Block, InputBlock
from bot.slack.campaign_form.shared_inputs import MAX_GOLD_PERCENT, gold_input

QUALITY_FAILURES = [
    ("alert", "Alert the coordinators"),
    ("pause", "Alert, and pause the expert"),
]


def quality_blocks(kind: str, inputs: Inputs) -> list[Block]:
    """Return the inputs; kinds whose answers cannot be compared have no practice."""
    return [
        gold_input(number_within(inputs, "gold_percent", 0, MAX_GOLD_PERCENT)),
        select_input(
            "quality_failure",
            "If an expert's answers clearly fail",
            QUALITY_FAILURES,
            chosen=inputs.text("quality_failure"),
            hint="A paused expert gets no more tasks until you resume them. Answers are kept.",
        ),
        *practice_blocks(kind, inputs),
    ]


def practice_blocks(kind: str, inputs: Inputs) -> list[InputBlock]:
    """Return the inputs of the practice; none if answers of the kind cannot be compared."""
    if not votes_of(kind_named(kind).example.label):
        return []
    return [
        number_input(
            "practice_questions",
            "Practice questions",
            minimum=0,
            maximum=MAX_PRACTICE_QUESTIONS,
            value=number_within(inputs, "practice_questions", 0, MAX_PRACTICE_QUESTIONS),
            hint="Gold items that an expert answers, with feedback, before the first task. Import "
            "at least as many.",
        ),
        number_input(
            "pass_percent",
            "Pass mark (%)",
            minimum=1,
            maximum=100,
            value=number_within(inputs, "pass_percent", 1, 100),
            hint="With practice: the share of right answers that passes.",
        ),
        number_input(
            "practice_attempts",
            "Practice attempts",
            minimum=1,
            maximum=MAX_PRACTICE_ATTEMPTS,
            value=number_within(inputs, "practice_attempts", 1, MAX_PRACTICE_ATTEMPTS),
        ),
    ]
