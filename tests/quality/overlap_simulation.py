"""Simulated campaigns of verdicts, with a fixed and with an adaptive overlap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from bot.quality.posterior import (
    PRIOR_ACCURACY,
    ExpertVotes,
    WeightedVotes,
    estimate_accuracies,
    item_posterior,
)
from bot.quality.votes import Vote

GOOD, BAD = (Vote("verdict", "nominal", verdict) for verdict in ("good", "bad"))


@dataclass(frozen=True, slots=True)
class OverlapDesign:
    """A campaign: true accuracies of experts, answers per item, and the target posterior.

    The rule estimates the accuracies from the answers, after every `items_per_estimate` items.
    """

    accuracies: tuple[float, ...]
    overlap: int
    max_overlap: int
    target: float
    items: int = 4_000
    items_per_estimate: int = 500

    def as_fixed(self, overlap: int) -> OverlapDesign:
        """Return the same campaign with a fixed overlap."""
        return replace(self, overlap=overlap, max_overlap=overlap)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Answers per item, and the share of items whose most probable answer is the true one."""

    answers_per_item: float
    accuracy: float


ADAPTIVE_DESIGNS = {
    "0.8": OverlapDesign((0.8,) * 6, 2, 3, 0.85),
    "0.9": OverlapDesign((0.9,) * 6, 2, 3, 0.9),
    "0.6 to 0.95": OverlapDesign((0.6, 0.7, 0.8, 0.9, 0.95, 0.95), 1, 4, 0.9),
}


def simulate_campaign(design: OverlapDesign, seed: int) -> Outcome:
    """Return the outcome of a campaign whose experts answer items in random order."""
    rng = Random(seed)  # noqa: S311 - a simulation
    experts = range(len(design.accuracies))
    known = dict.fromkeys(experts, PRIOR_ACCURACY)
    truths, items = [], []
    for number in range(1, design.items + 1):
        truth = rng.choice((GOOD, BAD))
        truths.append(truth)
        items.append(_answer_item(design, rng, truth, known))
        if number % design.items_per_estimate == 0:
            known |= estimate_accuracies(items, {}, {})
    right = sum(
        _probability(ballots, truth, known) > 0.5
        for ballots, truth in zip(items, truths, strict=True)
    )
    return Outcome(sum(map(len, items)) / design.items, right / design.items)


def _answer_item(
    design: OverlapDesign, rng: Random, truth: Vote, known: dict[int, float]
) -> list[ExpertVotes]:
    ballots: list[ExpertVotes] = []
    experts = rng.sample(range(len(design.accuracies)), len(design.accuracies))
    # All are drawn at once, so that designs with the same seed differ only in who answers.
    answers = [(expert, rng.random() < design.accuracies[expert]) for expert in experts]
    for expert, is_right in answers[: design.max_overlap]:
        ballots.append(ExpertVotes(expert, (truth if is_right else _opposite(truth),)))
        weighted = [WeightedVotes(known[ballot.expert_id], ballot.votes) for ballot in ballots]
        if len(ballots) >= design.overlap and item_posterior(weighted, {}) >= design.target:
            break
    return ballots


def _opposite(vote: Vote) -> Vote:
    return BAD if vote == GOOD else GOOD


def _probability(ballots: list[ExpertVotes], truth: Vote, known: dict[int, float]) -> float:
    """Return the probability of the true verdict."""
    odds = 1.0
    for expert, (vote,) in ballots:
        accuracy = known[expert]
        odds *= accuracy / (1 - accuracy) if vote == truth else (1 - accuracy) / accuracy
    return odds / (1 + odds)
