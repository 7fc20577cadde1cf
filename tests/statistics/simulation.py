"""Simulated answers: experts who see the truth with noise."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from bot.quality.agreement.tally import Tally
from bot.quality.votes import VoteValue

Random: TypeAlias = np.random.Generator
Values: TypeAlias = np.ndarray[Any, Any]
"""One row per item, one column per expert."""

Design = Literal["nominal", "ordinal", "sided", "ranking"]

SIDES = ("left", "right", "tie", "both_bad")
CANDIDATES = 3


@dataclass(frozen=True, slots=True)
class Pool:
    """Experts who answer the same items.

    Attributes:
        design: what they answer.
        experts: number of answers to each item.
        prevalence: probability of each category, or of each side of a pair.
        noise: probability of an answer by chance; on ordinal scales and in rankings the standard
            deviation of the error.
    """

    design: Design
    experts: int
    prevalence: tuple[float, ...]
    noise: float

    def tally(self, rng: Random, items: int) -> Tally:
        """Return the tally of simulated answers to so many items."""
        match self.design:
            case "nominal":
                return _tally_of(self.categories(rng, items))
            case "ordinal":
                return _tally_of(self.points(rng, items), "ordinal", len(self.prevalence))
            case "sided":
                return self._sided_tally(rng, items)
            case "ranking":
                return self._ranking_tally(rng, items)

    def categories(self, rng: Random, items: int) -> Values:
        """Return categories: the truth, or a category by chance."""
        size, shape = len(self.prevalence), (items, self.experts)
        truth = rng.choice(size, (items, 1), p=self.prevalence)
        guess = rng.choice(size, shape, p=self.prevalence)
        return np.where(rng.random(shape) < self.noise, guess, truth)

    def points(self, rng: Random, items: int) -> Values:
        """Return points from 1 up: the truth with a rounded error."""
        size = len(self.prevalence)
        truth = rng.choice(size, (items, 1), p=self.prevalence) + 1
        error = rng.normal(0, self.noise, (items, self.experts))
        return np.clip(np.rint(truth + error), 1, size).astype(int)

    def ranks(self, rng: Random, items: int) -> Values:
        """Return the ranks of three candidates, by item, expert and candidate."""
        quality = rng.normal(size=(items, 1, CANDIDATES))
        seen = quality + rng.normal(0, self.noise, (items, self.experts, CANDIDATES))
        return np.argsort(np.argsort(-seen, axis=2), axis=2) + 1

    def _sided_tally(self, rng: Random, items: int) -> Tally:
        tally = Tally("nominal", is_sided=True)
        for row in self.categories(rng, items).tolist():
            tally.add([[SIDES[value] for value in row]])
        return tally

    def _ranking_tally(self, rng: Random, items: int) -> Tally:
        tally = Tally("nominal", is_sided=True)
        pairs = [(0, 1), (0, 2), (1, 2)]
        for item in self.ranks(rng, items):
            tally.add([_sides(item[:, first] < item[:, second]) for first, second in pairs])
        return tally


def _sides(is_left: Values) -> list[VoteValue]:
    return ["left" if left else "right" for left in is_left.tolist()]


def _tally_of(
    values: Values, level: Literal["nominal", "ordinal"] = "nominal", points: int = 0
) -> Tally:
    units: Counter[tuple[VoteValue, ...]] = Counter(map(tuple, np.sort(values, axis=1).tolist()))
    tally = Tally(level, categories=tuple(range(1, points + 1)))
    tally.profiles.update({(unit,): count for unit, count in units.items()})
    return tally
