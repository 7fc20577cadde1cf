"""Intervals of strengths and possible ranks contain the truth in 92% of 500 simulated campaigns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
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
    return _answer(design, rng, _choose_models(design.models, design.candidates, rng, items))


def _choose_models(models: int, candidates: int, rng: Random, items: int) -> Values:
    """Return different models, one row for each item."""
    return np.argsort(rng.random((items, models)), axis=1)[:, :candidates]


def _answer(design: Design, rng: Random, models: Values) -> ContestTally:
    """Return the answers to items with these models, some with one answer of all experts."""
    orders = _draw_orders(design, rng, models)
    is_shared = rng.random(len(models)) < SHARED_ITEMS
    orders[is_shared] = orders[is_shared, :1]
    tally = ContestTally()
    for item in orders.tolist():
        tally.add([_order_of(names, is_tie=bool(is_tie)) for *names, is_tie in item])
    return tally


def _draw_orders(design: Design, rng: Random, models: Values) -> Values:
    """Return the models best first and whether they tie, by item and answer.

    Orders follow Plackett and Luce; a pair ties as often as Davidson expects it.
    """
    shape = (len(models), design.answers, design.candidates)
    names = np.broadcast_to(models[:, None], shape)
    values = np.array(true_strengths(design))[names]
    best_first = np.argsort(-(values + rng.gumbel(size=shape)), axis=2)
    odds, tie_odds = np.exp(values).sum(axis=2), 2 * design.ties * np.exp(values.mean(axis=2))
    is_tie = rng.random(shape[:2]) * (odds + tie_odds) < tie_odds
    return np.concatenate([np.take_along_axis(names, best_first, 2), is_tie[:, :, None]], axis=2)


def _order_of(names: Sequence[int], *, is_tie: bool) -> Order:
    return (tuple(map(str, names)),) if is_tie else tuple((str(name),) for name in names)


RARE_ITEMS = (1, 5, 15)
"""Items of a model that has too few for an interval."""


def simulate_rare(design: Design, rng: Random, items: int, rare_items: int) -> ContestTally:
    """Return a campaign in which the last model has few items."""
    last = design.models - 1
    models = _choose_models(last, design.candidates, rng, items + rare_items)
    models[:rare_items, 0] = last
    return _answer(design, rng, models)


def expect_coverage(
    tallies: Iterable[ContestTally],
    truth: Sequence[float],
    record: Callable[[dict[str, float]], None],
) -> None:
    """Record the lowest coverage of strengths and of ranks, and fail if one is too low."""
    printed: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    for tally in tallies:
        for model in build_leaderboard(tally):
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
        record({kind: min(s for name, s in shares.items() if name.startswith("rank ") == is_rank)})
    assert {name: share for name, share in shares.items() if share < MIN_COVERAGE} == {}


@pytest.mark.parametrize("per_pair", [MIN_ITEMS, 3 * MIN_ITEMS])
@pytest.mark.parametrize("design", DESIGNS, ids=str)
def check_strengths_and_ranks(
    design: Design, per_pair: int, record_property: RecordProperty
) -> None:
    items = per_pair * max(design.models // design.candidates, 1)
    rng = np.random.default_rng(items)
    expect_coverage(
        (simulate(design, rng, items) for _ in range(RUNS)),
        true_strengths(design),
        lambda shares: record_coverage(record_property, per_pair, shares),
    )


@pytest.mark.parametrize("rare_items", RARE_ITEMS)
@pytest.mark.parametrize("step", [0, 1])
def check_others_than_a_model_with_few_items(
    step: float, rare_items: int, record_property: RecordProperty
) -> None:
    design = Design(4, step, 1, 2, 0)
    rng = np.random.default_rng(rare_items)
    items = 2 * MIN_ITEMS + 5
    expect_coverage(
        (simulate_rare(design, rng, items, rare_items) for _ in range(RUNS)),
        true_strengths(design),
        lambda shares: record_coverage(
            record_property, MIN_ITEMS, {f"{kind}, one rare model": s for kind, s in shares.items()}
        ),
    )
