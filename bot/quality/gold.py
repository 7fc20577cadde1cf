"""How often an expert is right where the right answer is known, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from bot.kinds.label import Label
from bot.quality.votes import Vote, votes_of

Z = 1.96
"""Standard deviations that hold 95 of 100."""

NEAR = 1
"""Points by which an ordinal value may miss: taste has no right answer to the point."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many gold items an expert answered rightly.

    `low` and `high`: the Wilson score interval of 95 percent (Edwin B. Wilson, *Probable Inference,
    the Law of Succession, and Statistical Inference*, 1927). It is honest for few items, too.
    """

    right: int
    asked: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Return the share of right answers, 0 to 1."""
        return self.right / self.asked


def accuracy(right: int, asked: int) -> Accuracy | None:
    """Return how accurate somebody is who answered `right` of `asked` rightly; None for none."""
    if not asked:
        return None
    share, z2 = right / asked, Z * Z
    middle = (share + z2 / (2 * asked)) / (1 + z2 / asked)
    reach = Z * sqrt(share * (1 - share) / asked + z2 / (4 * asked**2)) / (1 + z2 / asked)
    return Accuracy(right, asked, max(0.0, middle - reach), min(1.0, middle + reach))


def is_right(given: Label, gold: Label) -> bool | None:
    """Say whether an answer is the one known to be right; None where nobody can tell.

    Nominal values must be the same, ordinal ones no more than a point away, in every question that
    the gold answers.
    """
    said = {(vote.question, vote.part): vote for vote in votes_of(given)}
    known = {(vote.question, vote.part): vote for vote in votes_of(gold)}
    if not known:
        return None
    return all(asked in said and _agree(said[asked], right) for asked, right in known.items())


def _agree(said: Vote, right: Vote) -> bool:
    if isinstance(said.value, str) or isinstance(right.value, str):
        return said.value == right.value
    return abs(said.value - right.value) <= NEAR
