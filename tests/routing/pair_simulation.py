"""Simulated votes on pairs of models until all models are separated."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from math import exp
from random import Random

from bot.routing.informative_pairs import PairDesign, PairVotes, plan_votes

STRENGTHS = {
    "evenly spaced": (0.0, 0.4, 0.8, 1.2, 1.6, 2.0),
    "three close pairs": (0.0, 0.3, 0.9, 1.2, 1.8, 2.1),
    "one close pair": (0.0, 0.25, 1.0, 1.8, 2.6, 3.4),
}
"""True strengths of six models: natural logarithms of the odds."""

VOTES_PER_PLAN = 40
FIRST_VOTES = 120
"""Votes before the first look at the strengths."""

RANDOM_SHARE = 0.1
MAX_VOTES = 12_000


@dataclass(frozen=True, slots=True)
class SeparationRun:
    """Votes until all models were separated, and whether they were in their true order."""

    votes: int
    is_order_true: bool


def simulate_votes(
    strengths: tuple[float, ...], seed: int, *, is_informative: bool
) -> SeparationRun:
    """Return a run with informative pairs, or with pairs chosen uniformly at random."""
    rng = Random(seed)  # noqa: S311 - a simulation
    models = [f"model-{number}" for number in range(len(strengths))]
    pairs = list(combinations(models, 2))
    wins: Counter[tuple[str, str]] = Counter()
    design = PairDesign(models, PairVotes({}))
    while wins.total() < FIRST_VOTES or not design.is_separated():
        if wins.total() >= MAX_VOTES:
            break
        open_votes = dict.fromkeys(pairs, MAX_VOTES)
        random_share = RANDOM_SHARE if is_informative else 1.0
        for pair in plan_votes(design, open_votes, VOTES_PER_PLAN, random_share, rng):
            wins[_vote(rng, strengths, models, pair)] += 1
        design = PairDesign(models, PairVotes(wins))
    return SeparationRun(wins.total(), design.order() == models[::-1])


def _vote(
    rng: Random, strengths: tuple[float, ...], models: list[str], pair: tuple[str, str]
) -> tuple[str, str]:
    """Return the winner and the loser of one vote."""
    first, second = (strengths[models.index(model)] for model in pair)
    return pair if rng.random() < 1 / (1 + exp(second - first)) else (pair[1], pair[0])
