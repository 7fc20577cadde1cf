"""Intervals of strengths and possible ranks contain the truth in 92% of 500 simulated campaigns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest

from bot.quality.agreement.interval import MIN_ITEMS
from bot.quality.ranking.contests import ContestTally, Order
from bot.quality.ranking.leaderboard import build_leaderboard
from tests.statistics.coverage_table import RecordProperty, record_coverage
from tests.statistics.simulation import Random, Values

RUNS = 500
MIN_COVERAGE = 0.92
SHARED_ITEMS = 0.35
"""Share of items to which all experts give the same answer; it makes items clusters."""


class Design(NamedTuple):
    """A campaign: models, distance between neighbors, answers per item, candidates, ties."""

    models: int
    step: float
    answers: int
    candidates: int
    ties: float


DESIGNS = [
    *(Design(*case) for case in product((2, 4), (0, 1), (1, 3), (2,), (0, 0.3))),
    *(Design(*case) for case in product((6,), (0.3,), (1, 3), (3,), (0,))),
]


def true_strengths(design: Design) -> list[float]:
    """Return evenly spaced strengths with a mean of 0."""
    return [design.step * (index - (design.models - 1) / 2) for index in range(design.models)]


def simulate(design: Design, rng: Random, items: int) -> ContestTally:
    """Return a campaign in which the order of a pair follows Bradley and Terry."""
    tally = ContestTally()
    strengths = np.array(true_strengths(design))
    for _ in range(items):
        models = rng.choice(design.models, design.candidates, replace=False)
        tally.add(list(_orders(design, rng, models.tolist(), strengths)))
    return tally


def _orders(design: Design, rng: Random, models: list[int], strengths: Values) -> Iterator[Order]:
    shared = _draw(design, rng, models, strengths)
    is_shared = rng.random() < SHARED_ITEMS
    for _ in range(design.answers):
        yield shared if is_shared else _draw(design, rng, models, strengths)


def _draw(design: Design, rng: Random, models: list[int], strengths: Values) -> Order:
    """Return an order by Plackett and Luce; for a pair, a tie as often as Davidson expects it."""
    values = strengths[models]
    if design.ties:
        odds = np.exp([values[0], values[1], values.mean() + np.log(2 * design.ties)])
        if rng.random() < odds[2] / odds.sum():
            return (tuple(map(str, models)),)
    best_first = np.argsort(-(values + rng.gumbel(size=len(models))))
    return tuple((str(models[index]),) for index in best_first)


@pytest.mark.parametrize("per_pair", [MIN_ITEMS, 3 * MIN_ITEMS])
@pytest.mark.parametrize("design", DESIGNS, ids=str)
def check_strengths_and_ranks(
    design: Design, per_pair: int, record_property: RecordProperty
) -> None:
    items = per_pair * max(design.models // design.candidates, 1)
    rng = np.random.default_rng(items)
    truth = true_strengths(design)
    printed: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    for _ in range(RUNS):
        for model in build_leaderboard(simulate(design, rng, items)):
            if model.low is None or model.high is None:
                continue
            if model.rank_low is None or model.rank_high is None:
                continue
            true_value = truth[int(model.name)]
            best_rank = 1 + sum(value > true_value for value in truth)
            worst_rank = sum(value >= true_value for value in truth)
            printed[model.name] += 1
            covered[model.name] += model.low <= true_value <= model.high
            covered["rank " + model.name] += (
                model.rank_low <= best_rank and model.rank_high >= worst_rank
            )
    shares = {name: count / printed[name.removeprefix("rank ")] for name, count in covered.items()}
    for kind, is_rank in (("strength", False), ("ranks", True)):
        given = [share for name, share in shares.items() if name.startswith("rank ") == is_rank]
        record_coverage(record_property, per_pair, {kind: min(given)})
    assert {name: share for name, share in shares.items() if share < MIN_COVERAGE} == {}
