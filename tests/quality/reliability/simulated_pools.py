"""Simulated pools: careful experts, and one who is not.

Three of six experts answer each item. After every single answer all detectors look at everything
that was answered so far.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Literal

from bot.quality.reliability.patterns import MIN_ANSWERS, ExpertPattern, find_patterns
from bot.quality.reliability.peer_comparison import ExpertAnswers, PeerComparison
from bot.quality.reliability.peer_evidence import MIN_COMPARED_ANSWERS
from bot.quality.votes import Vote
from tests.quality.reliability.answered_items import add_item

Behavior = Literal["careful", "always the first", "reversed", "by chance"]
Design = Literal["comparison", "rating"]

EXPERTS = 6
ANSWERS_PER_ITEM = 3
SUSPECT = 0
"""The expert who may not be careful."""

POINTS = 5

FIRST_LOOK = min(MIN_ANSWERS, MIN_COMPARED_ANSWERS)
"""Answers of an expert before which no detector reports anything."""


@dataclass(frozen=True, slots=True)
class PoolDesign:
    """A pool of experts.

    Attributes:
        behavior: of one expert; the others are careful.
        agreement: share of pairs of careful answers to one item that are equal.
        design: comparisons of two responses, or ratings with five points.
        spread: standard deviation of the careful experts' probability to be right.
    """

    behavior: Behavior
    agreement: float
    design: Design = "comparison"
    spread: float = 0.0


@dataclass(slots=True)
class SimulatedPool:
    """A pool while it answers.

    `reported_at` has the number of the answer after which each expert was first reported.
    """

    pool: PoolDesign
    rng: Random
    comparison: PeerComparison
    skills: list[float]
    patterns: dict[int, ExpertPattern] = field(
        default_factory=lambda: {expert: ExpertPattern() for expert in range(EXPERTS)}
    )
    counts: Counter[int] = field(default_factory=Counter)
    reported_at: dict[int, int] = field(default_factory=dict)

    @classmethod
    def start(cls, pool: PoolDesign, seed: int) -> SimulatedPool:
        """Return a pool without answers."""
        rng = Random(seed)  # noqa: S311 - seeded, not for cryptography
        right = (1 + (2 * pool.agreement - 1) ** 0.5) / 2
        skills = [min(0.99, max(0.5, rng.gauss(right, pool.spread))) for _ in range(EXPERTS)]
        scales = {"quality": POINTS} if pool.design == "rating" else {}
        return cls(pool, rng, PeerComparison(scales), skills)

    def answer_item(self, watched: Sequence[int]) -> None:
        """Let experts answer one more item, and look at the watched ones after every answer."""
        chosen = self.rng.sample(range(EXPERTS), ANSWERS_PER_ITEM)
        before, votes = self.comparison, dict(self._votes(chosen))
        positions = self.counts.copy()
        for number in range(1, len(votes) + 1):
            self.counts[chosen[number - 1]] += 1
            self.comparison = _copy_of(before)
            given = {expert: votes[expert] for expert in chosen[:number]}
            add_item(self.comparison, given, positions)
            shown = [expert for expert in chosen[:number] if expert in watched]
            self._look([expert for expert in shown if self.counts[expert] >= FIRST_LOOK])

    def _votes(self, chosen: Sequence[int]) -> Iterator[tuple[int, Vote]]:
        truth = self._draw()
        for expert in chosen:
            value = self._careful_value(truth, self.skills[expert])
            behavior = self.pool.behavior if expert == SUSPECT else "careful"
            is_left_first = self.rng.random() < 0.5
            if behavior == "reversed":
                value = self._reversed(value)
            elif behavior == "by chance":
                value = self.rng.randint(1, POINTS if self.pool.design == "rating" else 2)
            elif behavior == "always the first":
                value = 1 if is_left_first or self.pool.design == "rating" else 2
            yield expert, self._vote(value)
            if self.pool.design == "rating":
                self.patterns[expert].answers[value] += 1
            else:
                self.patterns[expert].sides[int((value == 1) != is_left_first)] += 1

    def _draw(self) -> int:
        if self.pool.design == "comparison":
            return self.rng.randint(1, 2)
        return self.rng.choices(range(1, POINTS + 1), (1, 2, 3, 3, 2))[0]

    def _careful_value(self, truth: int, skill: float) -> int:
        if self.rng.random() < skill:
            return truth
        if self.pool.design == "comparison":
            return 3 - truth
        return truth + 1 if truth == 1 else truth - 1 if truth == POINTS else self._near(truth)

    def _near(self, truth: int) -> int:
        return truth + self.rng.choice((-1, 1))

    def _reversed(self, value: int) -> int:
        return (3 if self.pool.design == "comparison" else POINTS + 1) - value

    def _vote(self, value: int) -> Vote:
        if self.pool.design == "rating":
            return Vote("quality", "ordinal", value)
        return Vote("winner", "nominal", "left" if value == 1 else "right", is_sided=True)

    def _look(self, watched: Sequence[int]) -> None:
        if not watched:
            return
        evidence = self.comparison.find_evidence(watched)
        reported = {expert for expert, found in evidence.items() if found.is_clear}
        for expert in [*reported, *find_patterns(self.patterns)]:
            self.reported_at.setdefault(expert, self.counts[expert])


def _copy_of(comparison: PeerComparison) -> PeerComparison:
    tallies = {
        name: replace(tally, values=tally.values.copy(), pairs=tally.pairs.copy())
        for name, tally in comparison.tallies.items()
    }
    answers = {
        expert: ExpertAnswers(given.ballots.copy(), given.positions[:])
        for expert, given in comparison.answers.items()
    }
    return PeerComparison(comparison.scales, tallies, defaultdict(ExpertAnswers, answers))


def answers_until_found(pool: PoolDesign, seed: int, most: int) -> int | None:
    """Return after how many answers the suspect is found; None if not within `most`."""
    simulated = SimulatedPool.start(pool, seed)
    while simulated.counts[SUSPECT] < most and SUSPECT not in simulated.reported_at:
        simulated.answer_item([SUSPECT])
    return simulated.reported_at.get(SUSPECT)


def careful_experts_reported(pool: PoolDesign, seed: int, answers: int) -> tuple[int, int]:
    """Return how many careful experts are reported until all have so many answers, of how many."""
    careful = [e for e in range(EXPERTS) if pool.behavior == "careful" or e != SUSPECT]
    simulated = SimulatedPool.start(pool, seed)
    while min(simulated.counts[expert] for expert in range(EXPERTS)) < answers:
        simulated.answer_item(careful)
    return sum(expert in simulated.reported_at for expert in careful), len(careful)
