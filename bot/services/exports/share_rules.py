"""Rules that weigh the answers of a campaign, made from all its votes without reading texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pkgutil import resolve_name
from typing import cast

import orjson
from sqlmodel import Session

from bot.exports.pseudonyms import NO_PSEUDONYMS, Pseudonymizer
from bot.exports.row_options import Aggregate
from bot.exports.snapshot import ExportSnapshot
from bot.kinds import kind_named
from bot.quality.aggregation.posterior import DawidSkeneModel, DawidSkeneRule
from bot.quality.aggregation.shares import EqualWeights, ShareRule
from bot.quality.aggregation.vote_arrays import VoteArrays
from bot.quality.aggregation.weights import ReliabilityTally, ReliabilityWeights
from bot.quality.scales import criterion_of
from bot.quality.votes import Vote, VoteValue, main_votes
from bot.services.reports.answer_labels import AnswerLabels
from storage.queries import votes
from storage.queries.votes import VoteRow
from storage.row_id import id_of
from storage.tables import Campaign

FIT_DAWID_SKENE = "bot.quality.aggregation.dawid_skene:fit"
"""Imported on first use: numpy takes 30 MB of memory."""


@dataclass(frozen=True, slots=True)
class TaskVotes:
    """The votes on one item by expert id, and those of its gold answer if it has one."""

    ballots: Mapping[int, Sequence[Vote]]
    gold: Sequence[Vote] | None


@dataclass(frozen=True, slots=True)
class FittedRule:
    """A rule, and its figures for each expert, by pseudonym, for the manifest.

    The reliability is the weight of an expert, or the share of answers that the model expects to be
    right; rounded.
    """

    rule: ShareRule
    reliability: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class VoteSource:
    """The votes of a campaign: the current ones, or those of a snapshot.

    `pseudonymizer` names the experts as the export does.
    """

    session: Session
    campaign: Campaign
    snapshot: ExportSnapshot | None = None
    pseudonymizer: Pseudonymizer = NO_PSEUDONYMS

    def rows(self) -> Generator[VoteRow]:
        """Yield the votes task by task. Close the generator."""
        campaign_id = id_of(self.campaign)
        if self.snapshot is None:
            return votes.stream_votes(self.session, campaign_id)
        states = self.snapshot.states_with_label(with_gold=True, only_final=False)
        versions = {number: state.version for number, state in states.items()}
        gold = {task: orjson.dumps(answer).decode() for task, answer in self.snapshot.gold.items()}
        return votes.stream_versions(self.session, campaign_id, versions, gold)

    def names_of(self, experts: Iterable[int]) -> dict[int, str]:
        """Return the names of experts in the export, by expert."""
        names = votes.pseudonyms_of(self.session, experts)
        return {expert: self.pseudonymizer.rename(name) for expert, name in names.items()}


def fit_rule(source: VoteSource, aggregate: Aggregate) -> FittedRule | None:
    """Return the rule that makes one label of the answers to an item, None to keep each."""
    return _FITS[aggregate](source)


def _fit_weights(source: VoteSource) -> FittedRule:
    tally = ReliabilityTally()
    for task in _iter_tasks(source):
        if task.gold is None:
            tally.add(task.ballots)
    weights = tally.weights()
    names = source.names_of(weights)
    by_name = {name: weights[expert] for expert, name in names.items()}
    return FittedRule(ReliabilityWeights(by_name), _round_values(by_name))


def _fit_dawid_skene(source: VoteSource) -> FittedRule:
    fit = cast("Callable[[VoteArrays], DawidSkeneModel]", resolve_name(FIT_DAWID_SKENE))
    arrays: dict[str, VoteArrays] = {}
    experts: set[int] = set()
    for task in _iter_tasks(source):
        experts |= task.ballots.keys()
        gold = {(vote.question, vote.part): vote.value for vote in task.gold or ()}
        for vote, given in _votes_by_question(task.ballots).items():
            criterion = criterion_of(vote[0])
            if criterion not in arrays:
                arrays[criterion] = VoteArrays(is_sided=vote[2])
            named = [(str(expert), value) for expert, value in given]
            arrays[criterion].add(named, gold.get(vote[:2]))
    names = {str(expert): name for expert, name in source.names_of(experts).items()}
    models = {key: fit(array).with_names(names) for key, array in arrays.items()}
    return FittedRule(
        DawidSkeneRule(models), _round_values(_mean_accuracies(list(models.values())))
    )


def _votes_by_question(
    ballots: Mapping[int, Sequence[Vote]],
) -> dict[tuple[str, str, bool], list[tuple[int, VoteValue]]]:
    questions: defaultdict[tuple[str, str, bool], list[tuple[int, VoteValue]]] = defaultdict(list)
    for expert, ballot in ballots.items():
        for vote in ballot:
            key = (vote.question, vote.part, vote.is_sided)
            questions[key].append((expert, vote.value))
    return questions


def _mean_accuracies(models: Sequence[DawidSkeneModel]) -> dict[str, float]:
    accuracies: defaultdict[str, list[float]] = defaultdict(list)
    for model in models:
        for expert in model.confusions:
            accuracies[expert].append(model.accuracy_of(expert))
    return {expert: sum(values) / len(values) for expert, values in accuracies.items()}


def _round_values(reliability: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in sorted(reliability.items())}


def _iter_tasks(source: VoteSource) -> Iterator[TaskVotes]:
    labels = AnswerLabels(kind_named(source.campaign.kind))
    with closing(source.rows()) as rows:
        for _task_id, task_rows in groupby(rows, key=attrgetter("task_id")):
            answers = list(task_rows)
            ballots = {
                row.expert_id: main_votes(
                    labels.label_of(row.value, row.candidate_order).label.ballot.votes
                )
                for row in answers
            }
            known, order = answers[0].gold, answers[0].candidate_order
            gold = main_votes(labels.gold_of(known, order).ballot.votes) if known else None
            yield TaskVotes(ballots, gold)


_FITS: dict[Aggregate, Callable[[VoteSource], FittedRule | None]] = {
    Aggregate.NONE: lambda _source: None,
    Aggregate.MAJORITY: lambda _source: FittedRule(EqualWeights(), {}),
    Aggregate.WEIGHTED: _fit_weights,
    Aggregate.DAWID_SKENE: _fit_dawid_skene,
}
