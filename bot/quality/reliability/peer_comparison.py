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

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log
from operator import itemgetter
from statistics import fmean
from typing import NamedTuple, TypeAlias

from bot.quality.reliability.peer_evidence import FIRST_LOOK, CusumOfAlternatives, PeerEvidence
from bot.quality.reliability.peer_model import (
    Matrix,
    PeerFamily,
    PeerModel,
    PeerTally,
    build_family,
    fit_model,
)
from bot.quality.scales import Scales, points_of
from bot.quality.votes import Vote, VoteValue, main_votes


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


CACHED_ITEMS = 16_384
"""Combinations of answers to an item of which it is kept what is compared."""


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
        found = _compare(tuple([tuple(ballot.votes) for ballot in ballots]), tuple(gold))
        for ballot, compared in zip(ballots, found, strict=True):
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
        likelihoods: dict[int, list[tuple[_Likelihoods, list[float]]]] = {}
        sums = CusumOfAlternatives()
        for _position, votes in sorted(self.answers.get(expert, ()), key=itemgetter(0)):
            if id(votes) not in likelihoods:  # `_compare` returns one object for equal answers
                likelihoods[id(votes)] = [
                    (self._likelihoods(models[vote.question], vote), careful[vote.question])
                    for vote in votes
                    if vote.question in models
                ]
            if known := likelihoods[id(votes)]:
                if sums.count < FIRST_LOOK:
                    sums.add_information(_information_of(models, votes))
                sums.add(_means([_log_ratios(*one, 1 / len(known)) for one in known]))
        return sums.evidence() if sums.count else None

    def _likelihoods(self, model: PeerModel, vote: ComparedVote) -> _Likelihoods:
        return _likelihoods(model, self.tallies[vote.question], vote)


@lru_cache(maxsize=CACHED_ITEMS)
def _compare(
    ballots: tuple[tuple[Vote, ...], ...], gold: tuple[Vote, ...]
) -> tuple[tuple[ComparedVote, ...], ...]:
    """Return what each answer to one item, by another expert each, is compared with."""
    truths = {(vote.question, vote.part): vote.value for vote in gold}
    given: defaultdict[tuple[str, str], list[VoteValue]] = defaultdict(list)
    for votes in ballots:
        for vote in main_votes(votes):
            given[vote.question, vote.part].append(vote.value)
    return tuple([tuple(_compared_votes(votes, given, truths)) for votes in ballots])


def _compared_votes(
    votes: Sequence[Vote],
    given: Mapping[tuple[str, str], Sequence[VoteValue]],
    truths: Mapping[tuple[str, str], VoteValue],
) -> Iterator[ComparedVote]:
    for vote in main_votes(votes):
        key = vote.question, vote.part
        others = sorted(given[key])
        others.remove(vote.value)
        if others or key in truths:
            yield ComparedVote(vote.question, vote.value, tuple(others), truths.get(key))


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
