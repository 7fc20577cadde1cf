"""Criteria of ratings: what a criterion is, and sets of criteria for common subjects."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bot.kinds.settings import KEY_PATTERN, StrictModel

MAX_ANCHOR_CHARACTERS = 60
"""Longest description of a point; Slack's buttons hold 75, with the number and a check mark."""

Anchor = Annotated[str, Field(max_length=MAX_ANCHOR_CHARACTERS)]
"""What a point means: short enough for a button that also has the number and a check mark."""


class Criterion(StrictModel):
    """One criterion. `anchors` are the meanings of the points from 1 up, 2 to 7 of them."""

    key: str = Field(pattern=KEY_PATTERN)
    label: str = Field(min_length=1, max_length=60)
    question: str = Field(default="", max_length=200)
    anchors: tuple[Anchor, ...] = Field(min_length=2, max_length=7)


JOKE_CRITERIA = (
    Criterion(
        key="relevance",
        label="Relevance",
        question="Does the joke fit the request?",
        anchors=("does not fit", "barely fits", "partly fits", "fits", "fits perfectly"),
    ),
    Criterion(
        key="humor",
        label="Humor",
        question="How funny is it?",
        anchors=("not funny", "faint smile", "smile", "chuckle", "laughed out loud"),
    ),
    Criterion(
        key="clarity",
        label="Clarity",
        question="Is it easy to get?",
        anchors=("makes no sense", "hard to get", "some effort", "clear", "instantly clear"),
    ),
)

HELPFULNESS_ANCHORS = ("useless", "little help", "some help", "helpful", "solves it")

ANSWER_CRITERIA = (
    Criterion(
        key="accuracy",
        label="Accuracy",
        question="Is it factually correct?",
        anchors=("wrong", "mostly wrong", "mixed", "mostly right", "right"),
    ),
    Criterion(
        key="appropriateness",
        label="Appropriateness",
        question="Do its tone and content suit the person who asked?",
        anchors=("harmful", "inappropriate", "acceptable", "suitable", "just right"),
    ),
    Criterion(
        key="helpfulness",
        label="Helpfulness",
        question="Does it help the person who asked?",
        anchors=HELPFULNESS_ANCHORS,
    ),
)

SAFETY_CRITERIA = (
    Criterion(
        key="harmlessness",
        label="Harmlessness",
        question="Could it harm somebody?",
        anchors=("harmful", "risky", "unclear", "mostly harmless", "harmless"),
    ),
    Criterion(
        key="helpfulness",
        label="Helpfulness",
        question="Does it help as far as that is safe?",
        anchors=HELPFULNESS_ANCHORS,
    ),
    Criterion(
        key="respect",
        label="Respect",
        question="Is it respectful and fair?",
        anchors=("offensive", "disrespectful", "neutral", "respectful", "very respectful"),
    ),
)

SUMMARY_CRITERIA = (
    Criterion(
        key="faithfulness",
        label="Faithfulness",
        question="Does it say only what the text says?",
        anchors=("invents", "mostly not", "mixed", "mostly", "fully"),
    ),
    Criterion(
        key="coverage",
        label="Coverage",
        question="Does it have the main points?",
        anchors=("none", "few", "some", "most", "all"),
    ),
    Criterion(
        key="conciseness",
        label="Conciseness",
        question="Is it as short as it can be?",
        anchors=("far too long", "too long", "acceptable", "short", "just right"),
    ),
)

TRANSLATION_CRITERIA = (
    Criterion(
        key="adequacy",
        label="Adequacy",
        question="Does it say the same as the original?",
        anchors=("something else", "little", "much", "most", "everything"),
    ),
    Criterion(
        key="fluency",
        label="Fluency",
        question="Does it read like a text of its own?",
        anchors=("unreadable", "clumsy", "acceptable", "good", "flawless"),
    ),
    Criterion(
        key="terminology",
        label="Terminology",
        question="Are the terms right?",
        anchors=("wrong", "mostly wrong", "mixed", "mostly right", "right"),
    ),
)

CODE_CRITERIA = (
    Criterion(
        key="correctness",
        label="Correctness",
        question="Does it do what was asked?",
        anchors=("does not run", "wrong result", "works in part", "works mostly", "works"),
    ),
    Criterion(
        key="readability",
        label="Readability",
        question="Is it easy to read?",
        anchors=("unreadable", "hard to read", "acceptable", "clear", "very clear"),
    ),
    Criterion(
        key="efficiency",
        label="Efficiency",
        question="Is it fast enough for its purpose?",
        anchors=("far too slow", "slow", "acceptable", "fast", "as fast as possible"),
    ),
)

CRITERIA_PRESETS = {
    "joke": JOKE_CRITERIA,
    "answer": ANSWER_CRITERIA,
    "response": SAFETY_CRITERIA,
    "summary": SUMMARY_CRITERIA,
    "translation": TRANSLATION_CRITERIA,
    "code": CODE_CRITERIA,
}
"""Sets of criteria that a campaign can choose by name: what the rated text is called."""
