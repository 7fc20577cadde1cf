"""Compares each expert with the others, answer by answer: answers by chance, and a reversed scale.

For each answer, the probability that a careful expert gives it, knowing what others answered
(`peer_model.py`), is compared with that of three alternatives: a value drawn as often as everybody
together gives it, any value with equal probability, and the careful answer on a reversed scale.

How careful this expert is, the answers themselves tell: the probability is the mean over all
concentrations that careful experts may have, each weighted by how well it fits the expert's answers
so far. So an expert who is only less careful than the others is not reported, if the difference is
a usual one.

Each item counts once, whatever the number of its questions. `peer_evidence.py` adds the log ratios
up and decides what is reported.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log
from statistics import fmean
from typing import NamedTuple

from bot.quality.ballots import Ballots, ComparedBallot
from bot.quality.reliability.peer_evidence import FIRST_LOOK, CusumOfAlternatives, PeerEvidence
from bot.quality.reliability.peer_model import (
    Matrix,
    PeerFamily,
    PeerModel,
    PeerTally,
    build_family,
    fit_model,
)
from bot.quality.reliability.peer_pairs import Pair, sorted_pair
from bot.quality.scales import Scales, points_of
from bot.quality.votes import Vote, VoteValue, main_votes


class ComparedVote(NamedTuple):
    """A vote, those of others on the same question of the same item, and the gold answer if any."""

    question: str
    value: VoteValue
    others: tuple[VoteValue, ...]
    truth: VoteValue | None


CACHED_ITEMS = 16_384
"""Combinations of answers to an item of which it is kept what is compared."""


@dataclass(slots=True)
class ExpertAnswers:
    """The answers of an expert to all items; `positions` order them."""

    ballots: list[ComparedBallot] = field(default_factory=list)
    positions: array[float] = field(default_factory=lambda: array("d"))

    def add(self, ballot: ComparedBallot, position: float) -> None:
        """Add an answer."""
        self.ballots.append(ballot)
        self.positions.append(position)

    def in_order(self) -> list[ComparedBallot]:
        """Return the answers in the order of their positions."""
        order = sorted(range(len(self.ballots)), key=self.positions.__getitem__)
        return [self.ballots[index] for index in order]

    def pairs(self) -> dict[str, Counter[Pair]]:
        """Return how often this expert and another gave two values to one item, by question."""
        found: defaultdict[str, Counter[Pair]] = defaultdict(Counter)
        for ballot, count in Counter(self.ballots).items():
            for vote in main_votes(ballot.votes):
                for other in ballot.others_on(vote):
                    found[vote.question][sorted_pair(vote.value, other)] += count
        return found


@dataclass(slots=True)
class PeerComparison:
    """Collects the answers of a campaign.

    Attributes:
        scales: the campaign's scales.
        tallies: counts of answers by question.
        answers: the answers of each expert.
    """

    scales: Scales
    tallies: dict[str, PeerTally] = field(default_factory=dict)
    answers: defaultdict[int, ExpertAnswers] = field(
        default_factory=lambda: defaultdict(ExpertAnswers)
    )

    def add_items(self, ballots: Ballots, items: int) -> None:
        """Count so many items, each of which got these answers."""
        given: defaultdict[tuple[str, str], list[VoteValue]] = defaultdict(list)
        for ballot in ballots:
            for vote in main_votes(ballot.votes):
                self._add_question(vote)
                given[vote.question, vote.part].append(vote.value)
        for (question, _part), values in given.items():
            self.tallies[question].add(values, items)

    def add_answers(
        self,
        experts: Iterable[int],
        positions: Iterable[float],
        ballots: Iterable[ComparedBallot],
    ) -> None:
        """Add the answers to an item: by whom, at which position of their answers, and which."""
        for expert, position, ballot in zip(experts, positions, ballots, strict=True):
            self.answers[expert].add(ballot, position)

    def _add_question(self, vote: Vote) -> None:
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
        answers = self.answers.get(expert, ExpertAnswers())
        own = answers.pairs()
        models = {
            name: model
            for name, family in families.items()
            if family and (model := fit_model(family, self.tallies[name], own.get(name, Counter())))
        }
        careful = {name: [*model.probabilities] for name, model in models.items()}
        likelihoods: dict[ComparedBallot, list[tuple[_Likelihoods, list[float]]]] = {}
        sums = CusumOfAlternatives()
        for ballot in answers.in_order():
            known = likelihoods.get(ballot)
            if known is None:
                known = likelihoods[ballot] = [
                    (self._likelihoods(models[vote.question], vote), careful[vote.question])
                    for vote in _compared_votes(ballot)
                    if vote.question in models
                ]
            if known:
                if sums.count < FIRST_LOOK:
                    sums.add_information(_information_of(models, _compared_votes(ballot)))
                sums.add(_means([_log_ratios(*one, 1 / len(known)) for one in known]))
        return sums.evidence() if sums.count else None

    def _likelihoods(self, model: PeerModel, vote: ComparedVote) -> _Likelihoods:
        return _likelihoods(model, self.tallies[vote.question], vote)


@lru_cache(maxsize=CACHED_ITEMS)
def _compared_votes(ballot: ComparedBallot) -> tuple[ComparedVote, ...]:
    """Return what an answer is compared with: the others, or the gold answer."""
    truths = {(vote.question, vote.part): vote.value for vote in ballot.gold}
    found = []
    for vote in main_votes(ballot.votes):
        others, truth = ballot.others_on(vote), truths.get((vote.question, vote.part))
        if others or truth is not None:
            found.append(ComparedVote(vote.question, vote.value, tuple(others), truth))
    return tuple(found)


class _Likelihoods(NamedTuple):
    """Probabilities of a vote.

    `careful`: for each possible concentration of a careful expert. `alternatives`: for each
    alternative, in the order of `WEIGHTS`; None if the value has no opposite.
    """

    careful: tuple[float, ...]
    alternatives: tuple[float, float, float | None]


def _likelihoods(model: PeerModel, tally: PeerTally, vote: ComparedVote) -> _Likelihoods:
    truths = model.truths(model.kernel, vote.others, vote.truth)
    index, opposite = model.values.index(vote.value), tally.reverse(vote.value, model.values)
    turned = None if opposite is None else model.values.index(opposite)
    return _Likelihoods(
        careful=tuple(_probability(truths, kernel, index) for kernel in model.kernels),
        alternatives=(
            model.marginals[index],
            1 / len(model.values),
            None if turned is None else _probability(truths, model.kernel, turned),
        ),
    )


def _information_of(
    models: Mapping[str, PeerModel], votes: Sequence[ComparedVote]
) -> Sequence[float]:
    """Return the mean expected log ratio of the questions that have a model."""
    return _means([_information(models, vote) for vote in votes if vote.question in models])


def _information(models: Mapping[str, PeerModel], vote: ComparedVote) -> list[float]:
    """Return the expected log ratio of an answer by chance, by quantile of the agreement."""
    model = models[vote.question]
    known: dict[int, float] = {}
    for kernel in model.quantile_kernels:
        if id(kernel) not in known:
            truths = model.truths(kernel, vote.others, vote.truth)
            known[id(kernel)] = sum(
                chance * log(chance / _probability(truths, kernel, index))
                for index, chance in enumerate(model.marginals)
            )
    return [known[id(kernel)] for kernel in model.quantile_kernels]


def _means(rows: Sequence[Sequence[float]]) -> Sequence[float]:
    """Return the mean of each column."""
    return rows[0] if len(rows) == 1 else [fmean(column) for column in zip(*rows, strict=True)]


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
    parts = list(map(float.__mul__, careful, likelihoods.careful))
    expected = total = sum(parts)
    ratios = [
        0.0 if alternative is None else log(alternative / expected)
        for alternative in likelihoods.alternatives
    ]
    if weight < 1:
        parts = [
            one * likelihood**weight
            for one, likelihood in zip(careful, likelihoods.careful, strict=True)
        ]
        total = sum(parts)
    careful[:] = [part / total for part in parts]
    return ratios
