"""Counts for the quality report, while the answers of a campaign are streamed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations

from bot.quality.agreement.coefficients import Coefficient, coefficients_of, ranking_coefficients
from bot.quality.agreement.expert_pairs import ExpertPairs
from bot.quality.agreement.kendall import RankingTally
from bot.quality.agreement.periods import DailyTallies
from bot.quality.consensus import ConsensusSource
from bot.quality.pass_rate import PassTally
from bot.quality.votes import ORDER
from bot.services.reports.agreement_counter import AgreementCounter
from bot.services.reports.answer_stream import TaskWithCandidates
from bot.services.reports.expert_reliability import ReliabilityCounter
from bot.services.reports.model_counter import ModelCounter
from bot.services.reports.task_answers import TaskAnswers
from storage.queries.votes import TaskCandidate
from storage.tables import Campaign


@dataclass(frozen=True, slots=True)
class ReportedItem:
    """An item with at least one answer.

    Attributes:
        item: the key of the item.
        votes: number of answers.
        agreement: share of pairs of votes that are equal; None with fewer than two answers.
        disagreement: as in reviews, 0 to 1.
        source: where its consensus comes from.
    """

    item: str
    votes: int
    agreement: float | None
    disagreement: float
    source: ConsensusSource


@dataclass(slots=True)
class QualityCounter:
    """Counts the answers of a campaign. Gold questions count for experts only."""

    agreement: AgreementCounter
    pairs: ExpertPairs
    reliability: ReliabilityCounter = field(default_factory=ReliabilityCounter)
    rankings: RankingTally = field(default_factory=RankingTally)
    models: ModelCounter = field(default_factory=ModelCounter)
    passes: PassTally = field(default_factory=PassTally)
    days: DailyTallies = field(default_factory=DailyTallies)
    items: list[ReportedItem] = field(default_factory=list)

    @classmethod
    def start(cls, campaign: Campaign) -> QualityCounter:
        """Return a counter for the answers of a campaign."""
        agreement = AgreementCounter.start(campaign)
        return cls(agreement, ExpertPairs(agreement.scales))

    def add(self, tasks: Sequence[TaskWithCandidates]) -> None:
        """Count the answers to some tasks, each with its candidates in imported order."""
        answered = [task for task, _ in tasks]
        self.reliability.add(answered, self.agreement.add(answered))
        voted = [(task, found) for task, found in tasks if task.given and not task.is_gold]
        self._count_days([task for task, _ in voted])
        self._count_pairs([task for task, _ in voted])
        self._count_models(voted)
        self.items += [self._item_of(task, found) for task, found in voted]

    def _count_days(self, tasks: Sequence[TaskAnswers]) -> None:
        for (ballots, day), count in Counter(
            [(one.ballots, one.last_day) for one in tasks]
        ).items():
            units = self.agreement.summaries.summary_of(ballots).units
            self.days.add(day, len(ballots), units, self.agreement.tallies, count)
            self.rankings.add([ballot.ranks for ballot in ballots if ballot.ranks], count)

    def _count_pairs(self, tasks: Sequence[TaskAnswers]) -> None:
        """Count what each two experts answered to the same item."""
        answers = [combinations(zip(task.experts, task.ballots, strict=True), 2) for task in tasks]
        for (first, second), count in Counter(chain.from_iterable(answers)).items():
            (expert, ballot), (other, other_ballot) = first, second
            self.pairs.add((expert, other), ballot, other_ballot, count)

    def _count_models(self, tasks: Sequence[TaskWithCandidates]) -> None:
        answers = Counter(
            [(task.labels, tuple([one.model for one in found])) for task, found in tasks]
        )
        for (labels, models), count in answers.items():
            self.passes.add([one.label for one in labels], models, self.agreement.scales, count)
        for task, found in tasks:
            self.models.add_task(task.labels, found)

    def _item_of(self, task: TaskAnswers, candidates: Sequence[TaskCandidate]) -> ReportedItem:
        summary = self.agreement.summaries.summary_of(task.ballots)
        item = candidates[0].item_key if candidates else ""
        return ReportedItem(
            item, len(task.given), summary.agreement, summary.disagreement, summary.source
        )

    def coefficients(self) -> Iterator[Coefficient]:
        """Yield the agreement on each question, of all experts and of each two."""
        for question, tally in self.agreement.tallies.items():
            yield from coefficients_of(question, tally)
        rankings = self.rankings.agreement()
        if rankings.items:
            yield from ranking_coefficients(ORDER, rankings)
        yield from self.pairs.coefficients()
