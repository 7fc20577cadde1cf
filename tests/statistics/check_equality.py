"""Equality with published implementations on random tables with gaps and degenerate cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import choix
import evalica
import krippendorff
import numpy as np
import pandas as pd
import pytest
from irrCAC.raw import CAC
from scipy.stats import beta, binomtest, kendalltau
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from bot.quality.agreement.agreement import Agreement, agreement_of
from bot.quality.agreement.cohen import ItemCells, Weighting, cohen_kappa
from bot.quality.agreement.kendall import kendall_w, tau_b
from bot.quality.agreement.tally import Tally
from bot.quality.proportion import exact_interval, two_sided_p
from bot.quality.ranking.contests import ContestProfile, Order, connected_groups
from bot.quality.ranking.strengths import fit_strengths
from bot.quality.votes import MeasurementLevel
from tests.statistics.simulation import Random

SEEDS = range(100)
LEVELS: tuple[MeasurementLevel, ...] = ("nominal", "ordinal", "interval", "ratio")

Rows: TypeAlias = Sequence[Sequence[int | None]]
"""A row per item, a column per expert; None where nobody answered."""


@dataclass(frozen=True, slots=True)
class Example:
    """A table and the number of categories that its values could have."""

    rows: Rows
    categories: int

    @property
    def matrix(self) -> list[list[float]]:
        """Return the rows with NaN for gaps."""
        return [[np.nan if value is None else float(value) for value in row] for row in self.rows]

    def agreement(self, level: MeasurementLevel) -> Agreement:
        """Return our figures."""
        tally = Tally(level, categories=tuple(range(1, self.categories + 1)))
        for row in self.rows:
            tally.add([[value for value in row if value is not None]])
        return agreement_of(tally)


def random_example(rng: Random, missing: float) -> Example:
    """Return a table of experts between certainty and guessing."""
    categories, experts = int(rng.integers(2, 7)), int(rng.integers(2, 6))
    shape = (int(rng.integers(3, 31)), experts)
    guesses = rng.random(shape) < rng.random()
    truth = rng.integers(1, categories + 1, (shape[0], 1))
    values = np.where(guesses, rng.integers(1, categories + 1, shape), truth)
    gaps = rng.random(shape) < missing
    rows: Rows = [
        [None if gap else int(value) for value, gap in zip(row, row_gaps, strict=True)]
        for row, row_gaps in zip(values, gaps, strict=True)
    ]
    return Example(rows, categories)


DEGENERATE = [
    Example([[1, 1], [1, 1], [1, 1]], 2),
    Example([[1, 1], [2, 2], [1, None]], 2),
    Example([[1, 2], [2, 1], [1, 2], [2, 1]], 2),
    Example([[1, 1]] * 98 + [[1, 2]] * 2, 2),
    Example([[1, None], [None, 2], [1, 1], [2, 2], [3, 1]], 3),
    Example([[5, 5, 5], [5, 5, 4], [1, None, None]], 5),
]
EXAMPLES = [
    *(random_example(np.random.default_rng(seed), (0, 0, 0.3)[seed % 3]) for seed in SEEDS),
    *DEGENERATE,
]
EVERY_EXAMPLE = pytest.mark.parametrize("example", EXAMPLES, ids=map(str, range(len(EXAMPLES))))


@EVERY_EXAMPLE
@pytest.mark.parametrize("level", LEVELS)
def check_alpha_against_krippendorff(example: Example, level: MeasurementLevel) -> None:
    alpha = example.agreement(level).alpha.value
    pairable = [row for row in example.rows if sum(value is not None for value in row) > 1]
    if len({value for row in pairable for value in row if value is not None}) < 2:
        assert alpha is None, "the reference cannot tell chance from agreement either"
        return
    matrix = np.array(example.matrix).T
    expected = krippendorff.alpha(reliability_data=matrix, level_of_measurement=level)
    assert alpha == pytest.approx(expected, abs=1e-9)


@EVERY_EXAMPLE
@pytest.mark.parametrize("level", ["nominal", "interval"])
def check_gwet_and_fleiss_against_irr_cac(example: Example, level: MeasurementLevel) -> None:
    frame = pd.DataFrame(example.matrix).dropna(how="all")
    weights = "identity" if level == "nominal" else "quadratic"
    categories = [float(value) for value in range(1, example.categories + 1)]
    reference = CAC(frame, weights=weights, categories=categories, digits=12)
    agreement = example.agreement(level)
    gwet = reference.gwet()["est"]["coefficient_value"]
    assert agreement.gwet.value == pytest.approx(gwet, abs=1e-6)
    if level == "nominal" and agreement.kappa.value is not None:
        fleiss = reference.fleiss()["est"]["coefficient_value"]
        assert agreement.kappa.value == pytest.approx(fleiss, abs=1e-6)


@EVERY_EXAMPLE
def check_fleiss_against_statsmodels(example: Example) -> None:
    """Statsmodels knows tables without gaps only."""
    complete = [row for row in example.rows if None not in row]
    kappa = Example(complete, example.categories).agreement("nominal").kappa.value
    if kappa is None:
        assert len({value for row in complete for value in row}) < 2
        return
    table, _ = aggregate_raters(np.array(complete))
    assert kappa == pytest.approx(fleiss_kappa(table), abs=1e-9)


@EVERY_EXAMPLE
@pytest.mark.parametrize("weighting", ["none", "linear", "quadratic"])
def check_cohen_against_scikit_learn(example: Example, weighting: Weighting) -> None:
    pairs = [(row[0], row[1]) for row in example.rows if row[0] and row[1]]
    kappa = cohen_kappa(Counter[ItemCells]((pair,) for pair in pairs), weighting).value
    if len({value for pair in pairs for value in pair}) < 2:
        assert kappa is None
        return
    expected = cohen_kappa_score(
        [pair[0] for pair in pairs],
        [pair[1] for pair in pairs],
        weights=None if weighting == "none" else weighting,
        labels=list(range(1, example.categories + 1)),
    )
    assert kappa == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def check_tau_b_against_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 8))
    first, second = rng.integers(1, size + 1, (2, size)).tolist()
    expected = kendalltau(first, second).statistic
    tau = tau_b(first, second)
    assert tau is None if np.isnan(expected) else tau == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def check_kendall_w_against_the_mean_rank_correlation(seed: int) -> None:
    """Without ties, the mean Spearman correlation is (m W - 1) / (m - 1), says Kendall."""
    rng = np.random.default_rng(seed)
    raters, size = int(rng.integers(2, 6)), int(rng.integers(3, 8))
    rankings = [(rng.permutation(size) + 1).tolist() for _ in range(raters)]
    correlations = np.corrcoef(rankings)[np.triu_indices(raters, 1)]
    w = kendall_w(rankings)
    assert w is not None
    assert (raters * w - 1) / (raters - 1) == pytest.approx(correlations.mean(), abs=1e-9)


@pytest.mark.parametrize(("correct", "total"), [(0, 1), (0, 9), (7, 7), (3, 11), (40, 80)])
def check_proportions_against_scipy(correct: int, total: int) -> None:
    low = beta.ppf(0.025, correct, total - correct + 1) if correct else 0
    high = beta.ppf(0.975, correct + 1, total - correct) if correct < total else 1
    assert exact_interval(correct, total) == pytest.approx((low, high), abs=1e-9)
    assert two_sided_p(correct, total) == pytest.approx(binomtest(correct, total).pvalue, abs=1e-9)


def random_pairs(rng: Random, models: int, ties: float) -> list[tuple[int, int, str]]:
    """Return contests in which each model wins and loses against the next one."""
    contests = [(a, (a + 1) % models, side) for a in range(models) for side in ("left", "right")]
    for _ in range(60):
        left, right = rng.choice(models, 2, replace=False).tolist()
        side = "tie" if rng.random() < ties else str(rng.choice(["left", "right"]))
        contests.append((left, right, side))
    return contests


def strengths_of(contests: Sequence[Order], models: int) -> list[float]:
    """Return our strengths without a prior, ties as half a win."""
    profiles: Counter[ContestProfile] = Counter((order,) for order in contests)
    (connected,) = connected_groups(profiles)
    assert len(connected) == models
    fitted = fit_strengths(
        [str(model) for model in range(models)],
        profiles,
        has_tie_outcome=False,
        prior_precision=0.0,
    )
    return list(map(float, fitted.values))


def order_of_pair(left: int, right: int, side: str) -> Order:
    """Return the order that a contest states."""
    if side == "tie":
        return ((str(left), str(right)),)
    best, other = (left, right) if side == "left" else (right, left)
    return ((str(best),), (str(other),))


@pytest.mark.parametrize("seed", SEEDS[:30])
def check_strengths_against_evalica(seed: int) -> None:
    rng = np.random.default_rng(seed)
    models = int(rng.integers(2, 7))
    contests = random_pairs(rng, models, ties=0.3)
    winners = {
        "left": evalica.Winner.X,
        "right": evalica.Winner.Y,
        "tie": evalica.Winner.Draw,
    }
    lefts, rights, sides = zip(*contests, strict=True)
    result = evalica.bradley_terry(
        lefts, rights, [winners[side] for side in sides], tolerance=1e-12, limit=10_000
    )
    expected = np.log([result.scores[model] for model in range(models)])
    found = strengths_of([order_of_pair(*contest) for contest in contests], models)
    assert found == pytest.approx(list(expected - expected.mean()), abs=1e-5)


@pytest.mark.parametrize("seed", SEEDS[:30])
def check_strengths_against_choix(seed: int) -> None:
    rng = np.random.default_rng(seed)
    models = int(rng.integers(2, 7))
    contests = random_pairs(rng, models, ties=0)
    data = [(a, b) if side == "left" else (b, a) for a, b, side in contests]
    expected = choix.opt_pairwise(models, data, alpha=0.0, tol=1e-10)
    found = strengths_of([order_of_pair(*contest) for contest in contests], models)
    assert found == pytest.approx(list(expected - expected.mean()), abs=1e-4)


@pytest.mark.parametrize("seed", SEEDS[:30])
def check_rankings_against_choix(seed: int) -> None:
    rng = np.random.default_rng(seed)
    models = int(rng.integers(3, 7))
    rankings = [rng.permutation(models).tolist() for _ in range(60)]
    expected = choix.opt_rankings(models, rankings, alpha=0.0, tol=1e-10)
    orders: list[Order] = [tuple((str(model),) for model in ranking) for ranking in rankings]
    found = strengths_of(orders, models)
    assert found == pytest.approx(list(expected - expected.mean()), abs=1e-4)
