"""Strengths of models: published results, and properties that they must have."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from bot.quality.ranking.contests import Order, connected_groups
from bot.quality.ranking.strengths import PRIOR_PRECISION, fit_strengths
from tests.pages import ROOT
from tests.quality.ranking.examples import BASEBALL

DATA = ROOT.parent / "shared" / "data" / "ranking"

EVALICA = Path("evalica_simple.csv"), Path("evalica_simple_golden.csv")


def profiles_of(wins: Mapping[str, Sequence[int]]) -> Counter[tuple[Order, ...]]:
    """Return the contests of a table of wins, each in an item of its own."""
    return Counter(
        {
            (((winner,), (loser,)),): count
            for winner, counts in wins.items()
            for loser, count in zip(wins, counts, strict=True)
            if count
        }
    )


def strengths_of(
    profiles: Counter[tuple[Order, ...]], *, has_tie_outcome: bool = True, prior: float = 1e-3
) -> dict[str, float]:
    """Return the strengths by model."""
    (models,) = connected_groups(profiles)
    fitted = fit_strengths(models, profiles, has_tie_outcome=has_tie_outcome, prior_precision=prior)
    return dict(zip(fitted.models, map(float, fitted.values), strict=True))


@pytest.mark.parametrize("prior", [0.0, PRIOR_PRECISION])
def test_strengths_match_agrestis_baseball_teams(prior: float) -> None:
    strengths = strengths_of(profiles_of(BASEBALL), prior=prior)
    above_baltimore = [
        round(strengths[team] - strengths["Baltimore"], 2) for team in reversed(BASEBALL)
    ]
    assert above_baltimore == [0, 0.68, 1.11, 1.25, 1.29, 1.44, 1.58]


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the data directory next to the project")
def test_scores_match_the_golden_file_of_evalica() -> None:
    contests, golden = (DATA / name for name in EVALICA)
    profiles: Counter[tuple[Order, ...]] = Counter()
    with contests.open() as file:
        for row in csv.DictReader(file):
            left, right = row["left"], row["right"]
            orders: dict[str, Order] = {
                "left": ((left,), (right,)),
                "right": ((right,), (left,)),
                "tie": ((left, right),),
            }
            profiles[(orders[row["winner"]],)] += 1
    strengths = strengths_of(profiles, has_tie_outcome=False, prior=0.0)
    total = sum(np.exp(list(strengths.values())))
    with golden.open() as file:
        expected = {
            row["item"]: float(row["score"])
            for row in csv.DictReader(file)
            if row["algorithm"] == "bradley_terry"
        }
    assert expected
    assert {model: np.exp(strength) / total for model, strength in strengths.items()} == (
        pytest.approx(expected, abs=1e-6)
    )


def test_davidson_recovers_the_probabilities_of_ties() -> None:
    """With one pair the model is saturated, so its probabilities are the observed shares."""
    profiles: Counter[tuple[Order, ...]] = Counter(
        {((("a",), ("b",)),): 60, ((("b",), ("a",)),): 15, ((("a", "b"),),): 25}
    )
    fitted = fit_strengths(("a", "b"), profiles, prior_precision=0.0)
    assert fitted.values[0] - fitted.values[1] == pytest.approx(np.log(60 / 15))
    assert np.exp(fitted.tie_strength or 0) == pytest.approx(25 / np.sqrt(60 * 15))


def test_ranking_of_two_is_a_comparison() -> None:
    pairs: Counter[tuple[Order, ...]] = Counter({((("a",), ("b",)),): 3, ((("b",), ("a",)),): 1})
    assert strengths_of(pairs, prior=0.0)["a"] == pytest.approx(np.log(3) / 2)


def test_tied_models_of_a_ranking_have_equal_strengths() -> None:
    profiles: Counter[tuple[Order, ...]] = Counter(
        {((("a",), ("b", "c", "d")),): 5, ((("b", "c", "d"), ("a",)),): 2}
    )
    strengths = strengths_of(profiles)
    assert strengths["b"] == pytest.approx(strengths["c"]) == pytest.approx(strengths["d"])
    assert strengths["a"] > strengths["b"]


def test_model_that_always_wins_has_a_finite_strength() -> None:
    profiles: Counter[tuple[Order, ...]] = Counter({((("a",), ("b",)),): 30})
    fitted = fit_strengths(("a", "b"), profiles)
    assert 1 < fitted.values[0] < 10
    assert fitted.model_covariance[0, 0] > 1, "its interval is wide"


def test_repeated_answers_to_an_item_count_as_one_cluster() -> None:
    """Ten experts who all see the same pair say less than ten experts with a pair each."""
    wins, losses = ((("a",), ("b",)),), ((("b",), ("a",)),)
    once = fit_strengths(("a", "b"), Counter({wins: 120, losses: 80}))
    ten_times = fit_strengths(("a", "b"), Counter({wins * 10: 12, losses * 10: 8}))
    assert ten_times.values == pytest.approx(once.values)
    assert ten_times.covariance[0, 0] == pytest.approx(10 * once.covariance[0, 0], rel=0.06)


def test_names_and_order_of_models_do_not_matter() -> None:
    profiles = profiles_of(BASEBALL)
    expected = strengths_of(profiles)
    fitted = fit_strengths(sorted(BASEBALL, reverse=True), profiles)
    found = dict(zip(fitted.models, map(float, fitted.values), strict=True))
    assert all(
        found[a] - found[b] == pytest.approx(expected[a] - expected[b])
        for a, b in combinations(BASEBALL, 2)
    )
