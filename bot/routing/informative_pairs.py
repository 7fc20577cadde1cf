"""Which pairs of models to compare next, and how many votes it takes to separate all models.

The strengths follow Ralph Bradley and Milton Terry, *Rank Analysis of Incomplete Block Designs*
(1952). A vote on a pair adds Fisher information, which reduces the variance of every difference of
strengths (the rank-one update of Jack Sherman and Winifred Morrison, 1950). The most informative
pair reduces the variance most of those differences that are not separated yet, each relative to the
square of the difference. Plain Python: a campaign compares few models.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import exp, sqrt
from random import Random
from typing import TypeAlias

Pair: TypeAlias = tuple[str, str]
"""Two models in alphabetical order."""

Matrix: TypeAlias = list[list[float]]

SEPARATION_Z = 1.96
"""Standard errors between two models that are separated with 95% confidence."""

MIN_GAP = 0.1
"""Difference of strengths, in natural logarithms of the odds, that is worth telling apart: a model
that wins 52.5% of its comparisons. Two models that are surely closer need no more votes."""

PRIOR_PRECISION = 0.1
"""Precision of a normal prior around equal strengths, so that the first votes decide nothing."""

NEWTON_STEPS = 30
TOLERANCE = 1e-8
MAX_BLOCKS = 100
"""Blocks of votes in a plan; within a block the pair is the same."""

MAX_VOTES_NEEDED = 1_000_000


@dataclass(frozen=True, slots=True)
class PairVotes:
    """Votes on pairs of models by (winner, loser); a tie is half a vote for each."""

    wins: Mapping[tuple[str, str], float]

    def on(self, first: str, second: str) -> float:
        """Return the votes on a pair."""
        return self.wins.get((first, second), 0.0) + self.wins.get((second, first), 0.0)


class PairDesign:
    """Strengths of models with the covariance of the votes so far, to which votes can be added."""

    def __init__(self, models: Sequence[str], votes: PairVotes) -> None:
        """Fit the strengths to the votes."""
        self.models = sorted(models)
        self._strengths, self._covariance = _fit(self.models, votes)

    def add_votes(self, pair: Pair, count: float) -> None:
        """Add the expected information of votes on a pair; the strengths stay the same."""
        first, second = self._index(pair)
        information = count * self._weight(first, second)
        column = [row[first] - row[second] for row in self._covariance]
        scale = information / (1 + information * (column[first] - column[second]))
        for row, value in zip(self._covariance, column, strict=True):
            for index, other in enumerate(column):
                row[index] -= scale * value * other

    def scores(self, pairs: Iterable[Pair]) -> dict[Pair, float]:
        """Return how informative one more vote on each of these pairs is, 0 for no information."""
        differences = self._open_differences()
        return {pair: self._score(*self._index(pair), differences) for pair in pairs}

    def is_separated(self) -> bool:
        """Return whether all models are separated, or surely too close to tell apart."""
        return not self._open_differences()

    def order(self) -> list[str]:
        """Return the models, the strongest first."""
        ranks = sorted(zip(self._strengths, self.models, strict=True), reverse=True)
        return [model for _, model in ranks]

    def _index(self, pair: Pair) -> tuple[int, int]:
        return self.models.index(pair[0]), self.models.index(pair[1])

    def _weight(self, first: int, second: int) -> float:
        """Return the Fisher information of one vote on a pair."""
        share = 1 / (1 + exp(self._strengths[second] - self._strengths[first]))
        return share * (1 - share)

    def _open_differences(self) -> list[tuple[int, int, float]]:
        """Return the pairs that are not settled, with the weight of their variance."""
        pairs = []
        for first, second in combinations(range(len(self.models)), 2):
            gap = abs(self._strengths[first] - self._strengths[second])
            error = SEPARATION_Z * sqrt(max(self._variance(first, second), 0.0))
            if gap <= error and gap + error > MIN_GAP:
                pairs.append((first, second, max(gap, MIN_GAP) ** -2))
        return pairs

    def _variance(self, first: int, second: int) -> float:
        covariance = self._covariance
        return covariance[first][first] + covariance[second][second] - 2 * covariance[first][second]

    def _score(self, first: int, second: int, differences: list[tuple[int, int, float]]) -> float:
        column = [row[first] - row[second] for row in self._covariance]
        information = self._weight(first, second)
        scale = information / (1 + information * (column[first] - column[second]))
        return scale * sum(
            weight * (column[left] - column[right]) ** 2 for left, right, weight in differences
        )


def plan_votes(
    design: PairDesign, open_votes: Mapping[Pair, int], count: int, random_share: float, rng: Random
) -> list[Pair]:
    """Return the pairs of the next `count` votes, in order, within the open votes of each pair.

    They are planned in blocks. Each block goes to the most informative pair, given those before it,
    or with probability `random_share` to a pair at random, so that every pair stays measured. If no
    vote informs any more, all pairs are chosen at random. The design contains the planned votes
    afterwards.
    """
    block = max(1, count // MAX_BLOCKS)
    left = Counter({pair: votes for pair, votes in open_votes.items() if votes > 0})
    planned: list[Pair] = []
    while left and len(planned) < count:
        scores = design.scores(left)
        best = max(left, key=lambda pair: (scores[pair], pair))
        if rng.random() < random_share or not scores[best]:
            best = rng.choice(sorted(left))
        votes = min(block, left[best], count - len(planned))
        design.add_votes(best, votes)
        planned += [best] * votes
        left[best] -= votes
        if not left[best]:
            del left[best]
    return planned


def votes_needed(design: PairDesign, pairs: Iterable[Pair]) -> int | None:
    """Return how many more votes are expected to separate the models at their present strengths.

    None: no vote on these pairs separates them, or more than a million are needed. The design
    contains these votes afterwards.
    """
    pairs, votes = list(pairs), 0
    while not design.is_separated():
        scores = design.scores(pairs)
        best = max(pairs, key=lambda pair: (scores[pair], pair), default=None)
        if best is None or not scores[best] or votes >= MAX_VOTES_NEEDED:
            return None
        step = max(1, votes // 20)
        design.add_votes(best, step)
        votes += step
    return votes


def _fit(models: Sequence[str], votes: PairVotes) -> tuple[list[float], Matrix]:
    """Return the strengths with a mean of about 0, by Newton's method, and their covariance."""
    size = len(models)
    strengths = [0.0] * size
    pairs = [
        (first, second, votes.wins.get((models[first], models[second]), 0.0), count)
        for first, second in combinations(range(size), 2)
        if (count := votes.on(models[first], models[second]))
    ]
    covariance: Matrix = []
    for _ in range(NEWTON_STEPS):
        gradient = [-PRIOR_PRECISION * strength for strength in strengths]
        hessian = [
            [PRIOR_PRECISION * (row == other) for other in range(size)] for row in range(size)
        ]
        for first, second, wins, count in pairs:
            share = 1 / (1 + exp(strengths[second] - strengths[first]))
            surplus, information = wins - count * share, count * share * (1 - share)
            gradient[first] += surplus
            gradient[second] -= surplus
            for row, other, sign in ((first, first, 1), (second, second, 1)):
                hessian[row][other] += sign * information
            hessian[first][second] -= information
            hessian[second][first] -= information
        covariance = _inverse(hessian)
        steps = [sum(map(float.__mul__, row, gradient)) for row in covariance]
        strengths = [strength + step for strength, step in zip(strengths, steps, strict=True)]
        if max(map(abs, steps), default=0.0) < TOLERANCE:
            break
    return strengths, covariance


def _inverse(matrix: Matrix) -> Matrix:
    """Return the inverse of a positive definite matrix (Gauss and Jordan)."""
    size = len(matrix)
    rows = [
        [*row, *(float(index == other) for other in range(size))]
        for index, row in enumerate(matrix)
    ]
    for pivot in range(size):
        divisor = rows[pivot][pivot]
        rows[pivot] = [value / divisor for value in rows[pivot]]
        for index in range(size):
            if index != pivot and (factor := rows[index][pivot]):
                rows[index] = [
                    value - factor * own
                    for value, own in zip(rows[index], rows[pivot], strict=True)
                ]
    return [row[size:] for row in rows]
