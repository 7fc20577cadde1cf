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
from math import inf, log, sqrt
from operator import itemgetter
from statistics import fmean
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

MAX_ERROR_RATE = 1 / 60
"""Probability that a careful expert is ever reported, if the model holds."""

OVERSHOOT = 0.583
"""By how much a sum of steps exceeds a threshold when it first does, in sizes of a step (David
Siegmund, *Sequential Analysis*, 1985, chapter X). The threshold is lower by that."""

MIN_INFORMATION = 12.0
"""Sum of squared log ratios that answers by chance must be expected to have before they are
reported. If careful experts often disagree, an answer tells little, and more answers are needed."""

FIRST_START_WEIGHT = 0.9
"""Weight of the first answer among the possible starts."""

Alternative = Literal["pool", "uniform", "reversed"]

WEIGHTS: Mapping[Alternative, float] = {"pool": 0.5, "uniform": 0.35, "reversed": 0.15}

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
        log_ratio: natural logarithm of the ratio.
        compared: number of answers compared.
        since: number of the compared answer from which the pattern holds; 1 is the first.
        information: expected sum of the squared log ratios of the answers since then, if the
            pattern holds.
        step: size of one log ratio, the root of their mean square.
    """

    pattern: PeerPattern
    log_ratio: float
    compared: int
    since: int
    information: float
    step: float

    @property
    def threshold(self) -> float:
        """Return the log ratio from which the expert is reported."""
        return -log(MAX_ERROR_RATE) - OVERSHOOT * self.step

    @property
    def is_clear(self) -> bool:
        """Return whether to report the expert."""
        is_known = self.pattern == "reversed" or self.information >= MIN_INFORMATION
        is_enough = self.compared >= MIN_COMPARED_ANSWERS and is_known
        return is_enough and self.log_ratio >= self.threshold


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
        ratios: dict[ComparedVote, _VoteRatios] = {}
        sums = _CusumOfAlternatives()
        for _position, votes in sorted(self.answers.get(expert, ()), key=itemgetter(0)):
            known = [vote for vote in votes if vote.question in models]
            for vote in known:
                if vote not in ratios:
                    tally = self.tallies[vote.question]
                    ratios[vote] = _log_ratios(models[vote.question], tally, vote)
            if known:
                sums.add(*_means_of([ratios[vote] for vote in known]))
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


class _VoteRatios(NamedTuple):
    """Log ratios of a vote, by alternative, in the order of `WEIGHTS`.

    `squares` are the mean squares if the alternative holds.
    """

    steps: tuple[float, ...]
    squares: tuple[float, ...]


def _log_ratios(model: PeerModel, tally: PeerTally, vote: ComparedVote) -> _VoteRatios:
    """Return the log ratio of each alternative to a careful answer.

    A value that has no opposite says nothing about a reversed scale.
    """
    careful = model.predict(vote.others, vote.truth)
    opposites = [tally.reverse(value, model.values) for value in model.values]
    turned = tuple(
        careful[index if opposite is None else model.values.index(opposite)]
        for index, opposite in enumerate(opposites)
    )
    uniform = (1 / len(careful),) * len(careful)
    index = model.values.index(vote.value)
    alternatives = (model.marginals, uniform, turned)
    logs = [[log(p / q) for p, q in zip(one, careful, strict=True)] for one in alternatives]
    pairs = list(zip(alternatives, logs, strict=True))
    return _VoteRatios(
        tuple(ratios[index] for ratios in logs),
        tuple(sum(p * r * r for p, r in zip(one, ratios, strict=True)) for one, ratios in pairs),
    )


def _means_of(votes: Sequence[_VoteRatios]) -> Iterator[list[float]]:
    """Yield the means of steps and squares over the votes of one answer."""
    for parts in zip(*votes, strict=True):
        yield [fmean(values) for values in zip(*parts, strict=True)]


@dataclass(slots=True)
class _CusumOfAlternatives:
    """One CUSUM per alternative: its level, its start, and the sum of squares since."""

    count: int = 0
    levels: list[float] = field(default_factory=lambda: [-inf] * len(WEIGHTS))
    starts: list[int] = field(default_factory=lambda: [1] * len(WEIGHTS))
    squares: list[float] = field(default_factory=lambda: [0.0] * len(WEIGHTS))

    def add(self, steps: Sequence[float], squares: Sequence[float]) -> None:
        self.count += 1
        restart = log(_start_weight(self.count))
        for index, step in enumerate(steps):
            if self.levels[index] < restart:
                self.levels[index], self.starts[index] = restart, self.count
                self.squares[index] = 0.0
            self.levels[index] += step
            self.squares[index] += squares[index]

    def evidence(self) -> PeerEvidence:
        logs = [log(w) + level for w, level in zip(WEIGHTS.values(), self.levels, strict=True)]
        best = max(range(len(logs)), key=logs.__getitem__)
        start = self.starts[best]
        return PeerEvidence(
            pattern="reversed" if tuple(WEIGHTS)[best] == "reversed" else "chance",
            log_ratio=log_sum(logs),
            compared=self.count,
            since=start,
            information=self.squares[best],
            step=sqrt(self.squares[best] / (self.count - start + 1)),
        )


def _start_weight(number: int) -> float:
    """Return the weight of a start at this answer; all weights sum to 1."""
    if number == 1:
        return FIRST_START_WEIGHT
    return (1 - FIRST_START_WEIGHT) * 2 / (number * (number + 1))
