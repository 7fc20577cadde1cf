"""Posteriors of answers, accuracies of experts, and answers saved by an adaptive overlap."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from bot.quality.posterior import (
    ExpertVotes,
    GoldCount,
    WeightedVotes,
    estimate_accuracies,
    item_posterior,
)
from bot.quality.votes import Vote
from tests.quality.overlap_simulation import ADAPTIVE_DESIGNS, simulate_campaign

SCALES = {"humor": 5, "clear": 2}


def verdicts(*answers: tuple[float, str]) -> list[WeightedVotes]:
    """Return verdicts of experts with these accuracies."""
    return [WeightedVotes(p, (Vote("verdict", "nominal", value),)) for p, value in answers]


def points(*answers: int, accuracy: float = 0.8, criterion: str = "humor") -> list[WeightedVotes]:
    """Return points on a scale from experts with the same accuracy."""
    return [WeightedVotes(accuracy, (Vote(criterion, "ordinal", value),)) for value in answers]


def ranking(*pairs: str) -> WeightedVotes:
    """Return a ranking of three candidates by the winners of its pairs."""
    names = ("1-2", "1-3", "2-3")
    votes = zip(names, pairs, strict=True)
    return WeightedVotes(
        0.8, tuple(Vote("order", "nominal", value, part, is_sided=True) for part, value in votes)
    )


@pytest.mark.parametrize(
    ("ballots", "expected"),
    [
        (verdicts((0.8, "good")), 0.8),
        (verdicts((0.8, "good"), (0.8, "good")), 16 / 17),
        (verdicts((0.8, "good"), (0.8, "bad")), 0.5),
        (verdicts((0.9, "good"), (0.6, "bad")), 0.36 / 0.42),
        (verdicts((0.8, "good"), (0.8, "good"), (0.8, "bad")), 0.8),
    ],
)
def test_posterior_of_verdicts_follows_bayes(ballots: list[WeightedVotes], expected: float) -> None:
    assert item_posterior(ballots, {}) == pytest.approx(expected)


def test_third_option_shares_the_probability_of_errors() -> None:
    ballots = verdicts((0.8, "good"), (0.8, "bad"), (0.8, "corrected"))
    assert item_posterior(ballots, {}) == pytest.approx(1 / 3)


@pytest.mark.parametrize("answers", [(3, 3), (3, 4)])
def test_points_next_to_each_other_are_certain(answers: tuple[int, ...]) -> None:
    assert item_posterior(points(*answers), SCALES) > 0.9


def test_posterior_of_points_falls_with_their_spread() -> None:
    posteriors = [item_posterior(points(1, high), SCALES) for high in (1, 2, 3, 4, 5)]
    assert posteriors == sorted(posteriors, reverse=True)
    assert posteriors[2] < 0.7


def test_points_on_a_short_scale_must_be_equal() -> None:
    same, different = (points(1, second, criterion="clear") for second in (1, 2))
    assert item_posterior(same, SCALES) > 0.9
    assert item_posterior(different, SCALES) == pytest.approx(0.5)


def test_least_certain_criterion_counts() -> None:
    both = [
        WeightedVotes(0.8, (*humor.votes, *clear.votes))
        for humor, clear in zip(points(3, 3), points(1, 2, criterion="clear"), strict=True)
    ]
    assert item_posterior(both, SCALES) == pytest.approx(0.5)


def test_posterior_of_rankings_is_the_mean_over_pairs() -> None:
    same = [ranking("left", "left", "left")] * 2
    one_exchange = [ranking("left", "left", "left"), ranking("right", "left", "left")]
    assert item_posterior(same, {}) == pytest.approx(16 / 17)
    assert item_posterior(one_exchange, {}) == pytest.approx((2 * 16 / 17 + 0.5) / 3)


def test_strength_does_not_count_and_no_votes_are_never_certain() -> None:
    winner = Vote("winner", "nominal", "left", is_sided=True)
    ballots = [
        WeightedVotes(0.8, (winner, Vote("strength", "ordinal", value, is_sided=True)))
        for value in (-3, -1)
    ]
    assert item_posterior(ballots, {}) == pytest.approx(16 / 17)
    assert item_posterior([WeightedVotes(0.8, ())], {}) == 0


def test_answers_below_chance_never_count_against_themselves() -> None:
    assert item_posterior(verdicts((0.1, "good"), (0.8, "good")), {}) == pytest.approx(0.8)


def test_gold_questions_alone_give_an_accuracy() -> None:
    accuracies = estimate_accuracies([], {1: GoldCount(30, 30), 2: GoldCount(0, 30)}, {})
    assert accuracies == {1: pytest.approx(38 / 40), 2: 0.5}


def test_item_with_one_answer_says_nothing() -> None:
    items = [[ExpertVotes(1, (Vote("verdict", "nominal", "good"),))]]
    assert estimate_accuracies(items, {}, {}) == {}


def test_accuracies_are_found_from_agreement_alone() -> None:
    rng = Random(5)  # noqa: S311 - a simulation
    true_accuracies = (0.6, 0.75, 0.9, 0.95)
    items = []
    for _ in range(400):
        truth = rng.choice(("good", "bad"))
        other = "bad" if truth == "good" else "good"
        answers = [(e, truth if rng.random() < p else other) for e, p in enumerate(true_accuracies)]
        items.append([ExpertVotes(e, (Vote("verdict", "nominal", v),)) for e, v in answers])
    accuracies = estimate_accuracies(items, {}, {})
    for expert, accuracy in enumerate(true_accuracies):
        assert accuracies[expert] == pytest.approx(accuracy, abs=0.06)


def test_adaptive_overlap_needs_three_quarters_of_the_answers() -> None:
    design = replace(ADAPTIVE_DESIGNS["0.9"], items=800, items_per_estimate=400)
    fixed, adaptive = simulate_campaign(design.as_fixed(3), 7), simulate_campaign(design, 7)
    assert fixed.answers_per_item == 3
    assert adaptive.answers_per_item <= 0.75 * fixed.answers_per_item
    assert adaptive.accuracy == pytest.approx(fixed.accuracy, abs=0.005)
