"""How often an expert is right where the right answer is known, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from bot.kinds.label import Label
from bot.quality.votes import Vote, votes_of

Z_SCORE_95 = 1.96
"""Standard deviations that hold 95 of 100."""

MAX_POINTS_OFF = 1
"""Points by which an ordinal value may miss: taste has no right answer to the point."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many gold items an expert answered rightly.

    `low` and `high`: the Wilson score interval of 95 percent (Edwin B. Wilson, *Probable Inference,
    the Law of Succession, and Statistical Inference*, 1927). It is honest for few items, too.
    """

    correct: int
    total: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Return the share of right answers, 0 to 1."""
        return self.correct / self.total


def accuracy_of(correct: int, total: int) -> Accuracy | None:
    """Return how accurate somebody is who answered `right` of `asked` rightly; None for none."""
    if not total:
        return None
    share, z2 = correct / total, Z_SCORE_95 * Z_SCORE_95
    center = (share + z2 / (2 * total)) / (1 + z2 / total)
    margin = Z_SCORE_95 * sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    return Accuracy(correct, total, max(0.0, center - margin), min(1.0, center + margin))


def is_correct(answer: Label, gold: Label) -> bool | None:
    """Say whether an answer is the one known to be right; None where nobody can tell.

    Nominal values must be the same, ordinal ones no more than a point away, in every question that
    the gold answers.
    """
    answered = {(vote.question, vote.part): vote for vote in votes_of(answer)}
    known = {(vote.question, vote.part): vote for vote in votes_of(gold)}
    if not known:
        return None
    return all(
        asked in answered and _is_match(answered[asked], right) for asked, right in known.items()
    )


def _is_match(said: Vote, right: Vote) -> bool:
    if isinstance(said.value, str) or isinstance(right.value, str):
        return said.value == right.value
    return abs(said.value - right.value) <= MAX_POINTS_OFF
