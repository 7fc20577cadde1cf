"""Intervals that are controlled for style contain the truth in 92% of 500 simulated campaigns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest

from bot.quality.ranking.contests import ContestTally
from bot.quality.ranking.leaderboard import (
    MIN_STYLE_ITEMS,
    ControlledStrength,
    build_leaderboard,
    control_style,
)
from bot.quality.ranking.style import Style
from bot.quality.ranking.style_tally import StyleTally
from tests.statistics.coverage_table import RecordProperty, record_coverage
from tests.statistics.simulation import Random

RUNS = 500
MIN_COVERAGE = 0.92
SHARED_ITEMS = 0.35
"""Share of items to which all experts give the same answer; it makes items clusters."""


class StyledDesign(NamedTuple):
    """A campaign: models, distance between neighbors, answers per item, effect of length."""

    models: int
    step: float
    answers: int
    effect: float


class Simulated(NamedTuple):
    """The tallies of a campaign, and the true effect in standard deviations of its responses."""

    contests: ContestTally
    styles: StyleTally
    effect: float


def simulate(design: StyledDesign, rng: Random, items: int) -> Simulated:
    """Return a campaign in which later models write more, and longer responses are preferred.

    The effect is that of (a - b) / (a + b) for the lengths a and b, so that it does not depend on
    the responses of one campaign.
    """
    contests, styles = ContestTally(), StyleTally()
    models = np.sort(np.argsort(rng.random((items, design.models)), axis=1)[:, :2], axis=1)
    lengths = rng.lognormal(5 + 0.2 * models, 0.5).astype(int) + 1
    differences = (lengths[:, 0] - lengths[:, 1]) / lengths.sum(axis=1)
    odds = design.step * (models[:, 0] - models[:, 1]) + design.effect * differences
    is_first = rng.random((items, design.answers)) < 1 / (1 + np.exp(-odds[:, None]))
    is_shared = rng.random(items) < SHARED_ITEMS
    is_first[is_shared] = is_first[is_shared, :1]
    for pair, both, answers in zip(
        models.tolist(), lengths.tolist(), is_first.tolist(), strict=True
    ):
        first, second = map(str, pair)
        profile = contests.add(
            [((first,), (second,)) if one else ((second,), (first,)) for one in answers]
        )
        styles.add(profile, {first: Style(both[0]), second: Style(both[1])})
    scale = float(np.sqrt(np.mean(np.square(differences))))
    return Simulated(contests, styles, design.effect * scale)


@pytest.mark.parametrize("items", [MIN_STYLE_ITEMS, 4 * MIN_STYLE_ITEMS])
@pytest.mark.parametrize(
    "design", [StyledDesign(*case) for case in product((2, 4), (0, 0.5), (1, 3), (0, 2))], ids=str
)
def check_controlled_strengths(
    design: StyledDesign, items: int, record_property: RecordProperty
) -> None:
    rng = np.random.default_rng(items)
    middle = (design.models - 1) / 2
    truth = {str(model): design.step * (model - middle) for model in range(design.models)}
    printed: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    for _ in range(RUNS):
        simulated = simulate(design, rng, items)
        ranked, effects = control_style(build_leaderboard(simulated.contests), simulated.styles)
        for model in ranked:
            if model.style_controlled is not None and model.style_controlled.low is not None:
                for kind, is_covered in _is_covered(model.name, model.style_controlled, truth):
                    printed[kind] += 1
                    covered[kind] += is_covered
        for effect in effects:
            printed["style effect"] += 1
            covered["style effect"] += effect.low <= simulated.effect <= effect.high
    assert printed["style effect"] > RUNS / 2
    shares = {kind: covered[kind] / count for kind, count in printed.items()}
    record_coverage(record_property, items, _lowest_by_kind(shares))
    assert {kind: share for kind, share in shares.items() if share < MIN_COVERAGE} == {}


def _is_covered(
    name: str, found: ControlledStrength, truth: dict[str, float]
) -> Iterator[tuple[str, bool]]:
    value = truth[name]
    if found.low is None or found.high is None or not found.rank_low or not found.rank_high:
        return
    best_rank = 1 + sum(other > value for other in truth.values())
    worst_rank = sum(other >= value for other in truth.values())
    yield f"controlled strength {name}", found.low <= value <= found.high
    yield f"controlled ranks {name}", found.rank_low <= best_rank and found.rank_high >= worst_rank


def _lowest_by_kind(shares: dict[str, float]) -> dict[str, float]:
    lowest: dict[str, float] = {}
    for name, share in shares.items():
        kind = name.rstrip("0123456789 ")
        lowest[kind] = min(share, lowest.get(kind, 1.0))
    return lowest
