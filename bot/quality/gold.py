"""Accuracy of experts on gold questions, with an interval."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from bot.kinds.label import Label
from bot.quality.votes import Vote, votes_of

Z_SCORE_95 = 1.96
"""Standard deviations on each side of the mean that contain 95% of a normal distribution."""

MAX_POINTS_OFF = 1
"""Points by which an ordinal answer may differ: matters of taste have no exact answer."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Gold questions that an expert answered correctly.

    `low` and `high` are the 95% Wilson score interval (Edwin B. Wilson, *Probable Inference, the
    Law of Succession, and Statistical Inference*, 1927), which also holds for few items.
    """

    correct: int
    total: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Return the share of correct answers, 0 to 1."""
        return self.correct / self.total


def accuracy_of(correct: int, total: int) -> Accuracy | None:
    """Return the accuracy for `correct` of `total` answers, or None without any."""
    if not total:
        return None
    share, z2 = correct / total, Z_SCORE_95 * Z_SCORE_95
    center = (share + z2 / (2 * total)) / (1 + z2 / total)
    margin = Z_SCORE_95 * sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    return Accuracy(correct, total, max(0.0, center - margin), min(1.0, center + margin))


def is_correct(answer: Label, gold: Label) -> bool | None:
    """Return whether an answer matches the gold answer; None if the kind has no votes to compare.

    For every question that the gold answers, nominal values must be equal and ordinal values at
    most one point apart.
    """
    answer_votes = {(vote.question, vote.part): vote for vote in votes_of(answer)}
    gold_votes = {(vote.question, vote.part): vote for vote in votes_of(gold)}
    if not gold_votes:
        return None
    return all(
        key in answer_votes and _is_match(answer_votes[key], gold_vote)
        for key, gold_vote in gold_votes.items()
    )


def _is_match(vote: Vote, gold: Vote) -> bool:
    if isinstance(vote.value, str) or isinstance(gold.value, str):
        return vote.value == gold.value
    return abs(vote.value - gold.value) <= MAX_POINTS_OFF
