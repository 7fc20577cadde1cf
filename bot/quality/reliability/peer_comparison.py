"""Compares each expert with the others, answer by answer: answers by chance, and a reversed scale.

For each answer, the probability that a careful expert gives it, knowing what others answered
(`peer_model.py`), is compared with that of three alternatives: a value drawn as often as everybody
together gives it, any value with equal probability, and the careful answer on a reversed scale.

The sum of the log ratios is a CUSUM (Ewan Page, *Continuous Inspection Schemes*, 1954): it may
start at the first answer or at any later one, so that a change of behavior is found, too. Each
start has a weight, and all weights sum to 1. So the ratio is at most that of one mixture, and its
threshold holds over all looks. Each item counts once, whatever the number of its questions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, log
from typing import Literal, NamedTuple, TypeAlias

from bot.quality.reliability.peer_model import (
    PeerFamily,
    PeerModel,
    PeerTally,
    build_family,
    fit_model,
)
from bot.quality.reliability.sequential import log_sum
from bot.quality.scales import Scales, points_of
from bot.quality.votes import Vote, VoteValue, main_votes

MIN_COMPARED_ANSWERS = 10
"""Answers to items that others have answered, or to gold questions, before anything is reported."""

THRESHOLD = log(25)
"""Log ratio from which an expert is reported; docs/label-quality.md has simulated error rates."""

FIRST_START_WEIGHT = 0.9
"""Weight of the first answer among the possible starts."""

Alternative = Literal["pool", "uniform", "reversed"]

WEIGHTS: Mapping[Alternative, float] = {"pool": 0.5, "uniform": 0.3, "reversed": 0.2}

PeerPattern = Literal["chance", "reversed"]


class BallotOf(NamedTuple):
    """An expert's answer to an item; `position` orders the answers of the expert."""

    expert: int
    position: float
    votes: Sequence[Vote]


class ComparedVote(NamedTuple):
    """A vote, those of others on the same question of the same item, and the gold answer if any."""

    question: str
    value: VoteValue
    others: tuple[VoteValue, ...]
    truth: VoteValue | None


ComparedAnswer: TypeAlias = tuple[float, tuple[ComparedVote, ...]]
"""The position of an answer, and its votes."""


@dataclass(frozen=True, slots=True)
class PeerEvidence:
    """How much likelier an expert's answers are under an alternative.

    Attributes:
        pattern: the likeliest alternative: answers by chance, or a reversed scale.
        log_ratio: natural logarithm of the ratio; `THRESHOLD` and more is reported.
        compared: number of answers compared.
        since: number of the compared answer from which the pattern holds; 1 is the first.
    """

    pattern: PeerPattern
    log_ratio: float
    compared: int
    since: int

    @property
    def is_clear(self) -> bool:
        """Return whether to report the expert."""
        return self.compared >= MIN_COMPARED_ANSWERS and self.log_ratio >= THRESHOLD


@dataclass(slots=True)
class PeerComparison:
    """Collects the answers of a campaign, item by item.

    Attributes:
        scales: the campaign's scales.
        tallies: counts of answers by question.
        answers: the answers of each expert to items that others answered, too.
    """

    scales: Scales
    tallies: dict[str, PeerTally] = field(default_factory=dict)
    answers: defaultdict[int, list[ComparedAnswer]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, ballots: Sequence[BallotOf], gold: Sequence[Vote] = ()) -> None:
        """Add the answers to one item; `gold` is its known correct answer."""
        given: defaultdict[tuple[str, str], list[tuple[int, VoteValue]]] = defaultdict(list)
        for ballot in ballots:
            for vote in main_votes(ballot.votes):
                self._tally_of(vote)
                given[vote.question, vote.part].append((ballot.expert, vote.value))
        for (question, _part), values in given.items():
            self.tallies[question].add(values)
        truths = {(vote.question, vote.part): vote.value for vote in gold}
        for ballot in ballots:
            compared = tuple(_compared_votes(ballot, given, truths))
            if compared:
                self.answers[ballot.expert].append((ballot.position, compared))

    def _tally_of(self, vote: Vote) -> None:
        if vote.question not in self.tallies:
            points = points_of(vote.question, self.scales)
            categories = tuple(range(1, points + 1))
            self.tallies[vote.question] = PeerTally(vote.level, vote.is_sided, categories)

    def find_evidence(self, experts: Iterable[int] | None = None) -> dict[int, PeerEvidence]:
        """Return the evidence against each of the experts who can be compared, by expert."""
        families = {name: build_family(tally) for name, tally in self.tallies.items()}
        chosen = [*self.answers] if experts is None else experts
        found = {expert: self._evidence_of(expert, families) for expert in chosen}
        return {expert: evidence for expert, evidence in found.items() if evidence}

    def _evidence_of(
        self, expert: int, families: Mapping[str, PeerFamily | None]
    ) -> PeerEvidence | None:
        models = {
            name: model
            for name, family in families.items()
            if family and (model := fit_model(family, self.tallies[name], expert))
        }
        ratios: dict[ComparedVote, tuple[float, ...]] = {}
        sums = _CusumOfAlternatives()
        for _position, votes in sorted(self.answers.get(expert, ())):
            known = [vote for vote in votes if vote.question in models]
            for vote in known:
                if vote not in ratios:
                    tally = self.tallies[vote.question]
                    ratios[vote] = _log_ratios(models[vote.question], tally, vote)
            if known:
                steps = zip(*(ratios[vote] for vote in known), strict=True)
                sums.add([sum(step) / len(known) for step in steps])
        return sums.evidence() if sums.count else None


def _compared_votes(
    ballot: BallotOf,
    given: Mapping[tuple[str, str], Sequence[tuple[int, VoteValue]]],
    truths: Mapping[tuple[str, str], VoteValue],
) -> Iterator[ComparedVote]:
    for vote in main_votes(ballot.votes):
        key = vote.question, vote.part
        others = tuple(sorted(value for expert, value in given[key] if expert != ballot.expert))
        if others or key in truths:
            yield ComparedVote(vote.question, vote.value, others, truths.get(key))


def _log_ratios(model: PeerModel, tally: PeerTally, vote: ComparedVote) -> tuple[float, ...]:
    """Return the log ratio of each alternative to a careful answer, in the order of `WEIGHTS`.

    A value that has no opposite says nothing about a reversed scale.
    """
    predicted = model.predict(vote.others, vote.truth)
    index = model.values.index(vote.value)
    careful = log(predicted[index])
    opposite = tally.reverse(vote.value, model.values)
    turned = careful if opposite is None else log(predicted[model.values.index(opposite)])
    return log(model.marginals[index]) - careful, -log(len(predicted)) - careful, turned - careful


@dataclass(slots=True)
class _CusumOfAlternatives:
    """One CUSUM per alternative: its level, and the answer at which it starts."""

    count: int = 0
    levels: list[float] = field(default_factory=lambda: [-inf] * len(WEIGHTS))
    starts: list[int] = field(default_factory=lambda: [1] * len(WEIGHTS))

    def add(self, steps: Sequence[float]) -> None:
        self.count += 1
        restart = log(_start_weight(self.count))
        for index, step in enumerate(steps):
            if self.levels[index] < restart:
                self.levels[index], self.starts[index] = restart, self.count
            self.levels[index] += step

    def evidence(self) -> PeerEvidence:
        logs = [log(w) + level for w, level in zip(WEIGHTS.values(), self.levels, strict=True)]
        best = max(range(len(logs)), key=logs.__getitem__)
        pattern: PeerPattern = "reversed" if tuple(WEIGHTS)[best] == "reversed" else "chance"
        return PeerEvidence(pattern, log_sum(logs), self.count, self.starts[best])


def _start_weight(number: int) -> float:
    """Return the weight of a start at this answer; all weights sum to 1."""
    if number == 1:
        return FIRST_START_WEIGHT
    return (1 - FIRST_START_WEIGHT) * 2 / (number * (number + 1))
