"""Compares each expert with the others, answer by answer: answers by chance, and a reversed scale.

For each answer, the probability that a careful expert gives it, knowing what others answered
(`peer_model.py`), is compared with that of three alternatives: a value drawn as often as everybody
together gives it, any value with equal probability, and the careful answer on a reversed scale.

How careful this expert is, the answers themselves tell: the probability is the mean over all
concentrations that careful experts may have, each weighted by how well it fits the expert's answers
so far. So an expert who is only less careful
than the others is not reported, if the difference is a usual one.

The sum of the log ratios is a CUSUM (Ewan Page, *Continuous Inspection Schemes*, 1954): it may
start at the first answer or at any later one, so that a change of behavior is found, too. Each
start has a weight, and all weights sum to 1. Each item counts once, whatever the number of its
questions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, log
from operator import itemgetter
from statistics import fmean
from typing import Literal, NamedTuple, TypeAlias

from bot.quality.reliability.peer_model import (
    Matrix,
    PeerFamily,
    PeerModel,
    PeerTally,
    build_family,
    fit_model,
)
from bot.quality.reliability.sequential import log_sum
from bot.quality.scales import Scales, points_of
from bot.quality.votes import Vote, VoteValue, main_votes

MIN_COMPARED_ANSWERS = 16
"""Answers to items that others have answered, or to gold questions, before anything is reported.
With fewer, how much the others agree is not known well enough."""

MIN_LOG_RATIO = 1.5
"""Log ratio from which answers by chance are reported. This and the two numbers below were chosen
by simulation: they find careless experts as early as possible, and report few careful ones."""

MIN_REVERSED_LOG_RATIO = 2.0
"""Log ratio from which a reversed scale is reported."""

MIN_INFORMATION = 12.0
"""Sum of squared log ratios that answers by chance must be expected to have before they are
reported. If careful experts often disagree, an answer tells little, and more answers are needed."""

FIRST_START_WEIGHT = 0.9
"""Weight of the first answer among the possible starts."""

Alternative = Literal["pool", "uniform", "reversed"]

WEIGHTS: Mapping[Alternative, float] = {"pool": 0.6, "uniform": 0.4, "reversed": 1.0}
"""Weights of the alternatives; those of each pattern sum to 1."""

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
        information: expected sum of the squared log ratios of all answers, if they are by chance.
    """

    pattern: PeerPattern
    log_ratio: float
    compared: int
    since: int
    information: float

    @property
    def is_clear(self) -> bool:
        """Return whether to report the expert."""
        if self.compared < MIN_COMPARED_ANSWERS:
            return False
        if self.pattern == "reversed":
            return self.log_ratio >= MIN_REVERSED_LOG_RATIO
        return self.information >= MIN_INFORMATION and self.log_ratio >= MIN_LOG_RATIO


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
        careful = {name: [*model.probabilities] for name, model in models.items()}
        likelihoods: dict[ComparedVote, _Likelihoods] = {}
        sums = _CusumOfAlternatives()
        for _position, votes in sorted(self.answers.get(expert, ()), key=itemgetter(0)):
            known = [vote for vote in votes if vote.question in models]
            steps: list[list[float]] = []
            for vote in known:
                if vote not in likelihoods:
                    tally = self.tallies[vote.question]
                    likelihoods[vote] = _likelihoods(models[vote.question], tally, vote)
                steps.append(_log_ratios(likelihoods[vote], careful[vote.question], 1 / len(known)))
            if known:
                squares = fmean(likelihoods[vote].square for vote in known)
                sums.add([fmean(ratios) for ratios in zip(*steps, strict=True)], squares)
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


class _Likelihoods(NamedTuple):
    """Probabilities of a vote.

    `careful`: for each possible concentration of a careful expert. `alternatives`: for each
    alternative, in the order of `WEIGHTS`; None if the value has no opposite. `square`: the mean
    square of the log ratio if the expert answers by chance.
    """

    careful: tuple[float, ...]
    alternatives: tuple[float, float, float | None]
    square: float


def _likelihoods(model: PeerModel, tally: PeerTally, vote: ComparedVote) -> _Likelihoods:
    truths, index = model.truths(vote.others, vote.truth), model.values.index(vote.value)
    like_others = [_probability(truths, model.kernel, i) for i in range(len(model.values))]
    opposite = tally.reverse(vote.value, model.values)
    turned = None if opposite is None else like_others[model.values.index(opposite)]
    return _Likelihoods(
        careful=tuple(_probability(truths, kernel, index) for kernel in model.kernels),
        alternatives=(model.marginals[index], 1 / len(model.values), turned),
        square=sum(
            chance * log(chance / p) ** 2
            for chance, p in zip(model.marginals, like_others, strict=True)
        ),
    )


def _probability(truths: Sequence[float], kernel: Matrix, index: int) -> float:
    return sum(weight * row[index] for weight, row in zip(truths, kernel, strict=True))


def _log_ratios(likelihoods: _Likelihoods, careful: list[float], weight: float) -> list[float]:
    """Return the log ratio of each alternative to a careful answer, and learn from the answer.

    A value that has no opposite says nothing about a reversed scale.

    Args:
        likelihoods: the probabilities of the vote.
        careful: the probabilities of the expert's concentrations; they are updated.
        weight: how much the vote counts in the update.
    """
    expected = sum(map(float.__mul__, careful, likelihoods.careful))
    ratios = [
        0.0 if alternative is None else log(alternative / expected)
        for alternative in likelihoods.alternatives
    ]
    parts = [
        one * likelihood**weight
        for one, likelihood in zip(careful, likelihoods.careful, strict=True)
    ]
    total = sum(parts)
    careful[:] = [part / total for part in parts]
    return ratios


@dataclass(slots=True)
class _CusumOfAlternatives:
    """One CUSUM per alternative: its level and its start; and the sum of expected squares."""

    count: int = 0
    levels: list[float] = field(default_factory=lambda: [-inf] * len(WEIGHTS))
    starts: list[int] = field(default_factory=lambda: [1] * len(WEIGHTS))
    squares: float = 0.0

    def add(self, steps: Sequence[float], square: float) -> None:
        self.count += 1
        restart = log(_start_weight(self.count))
        for index, step in enumerate(steps):
            if self.levels[index] < restart:
                self.levels[index], self.starts[index] = restart, self.count
            self.levels[index] += step
        self.squares += square

    def evidence(self) -> PeerEvidence:
        """Return the evidence of the pattern that is clear, or else likelier."""
        *chance, turned = range(len(WEIGHTS))
        patterns = self._evidence_of("chance", chance), self._evidence_of("reversed", [turned])
        return max(patterns, key=lambda one: (one.is_clear, one.log_ratio))

    def _evidence_of(self, pattern: PeerPattern, alternatives: Sequence[int]) -> PeerEvidence:
        weights = [*WEIGHTS.values()]
        logs = {index: log(weights[index]) + self.levels[index] for index in alternatives}
        best = max(logs, key=logs.__getitem__)
        return PeerEvidence(
            pattern=pattern,
            log_ratio=log_sum(logs.values()),
            compared=self.count,
            since=self.starts[best],
            information=self.squares,
        )


def _start_weight(number: int) -> float:
    """Return the weight of a start at this answer; all weights sum to 1."""
    if number == 1:
        return FIRST_START_WEIGHT
    return (1 - FIRST_START_WEIGHT) * 2 / (number * (number + 1))
