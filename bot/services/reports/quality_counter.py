"""Counts for the quality report, while the answers of a campaign are streamed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.kinds.label import Label, Ranking
from bot.quality.agreement.coefficients import Coefficient, coefficients_of, ranking_coefficients
from bot.quality.agreement.expert_pairs import ExpertPairs, PairQuestion
from bot.quality.agreement.kendall import RankingTally
from bot.quality.agreement.periods import DailyTallies
from bot.quality.ballot_summary import BallotSummary
from bot.quality.consensus import ConsensusSource
from bot.quality.pass_rate import PassTally
from bot.quality.votes import ORDER, Vote, VoteValue
from bot.services.reports.agreement_counter import AgreementCounter, ballots_of
from bot.services.reports.expert_reliability import ReliabilityCounter
from bot.services.reports.model_counter import ModelCounter
from storage.queries.votes import TaskCandidate, VoteRow
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
    """Counts the answers of a campaign, task by task. Gold questions count for experts only."""

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

    def add(self, rows: Sequence[VoteRow], candidates: Sequence[TaskCandidate]) -> None:
        """Count the answers to one task, and the candidates of its item in imported order."""
        answers = self.agreement.add(rows)
        self.reliability.add_times(rows)
        if rows[0].gold is not None or not self.agreement.has_votes:
            return
        labels, ballots = [given.label for given in answers], ballots_of(answers)
        summary = self.agreement.summaries.summary_of(ballots)
        self._count_pairs(rows, ballots, labels)
        self.reliability.add_ballots(rows, ballots)
        self.rankings.add(label.ranks for label in labels if isinstance(label, Ranking))
        self.models.add(labels, candidates)
        self.passes.add(labels, [one.model for one in candidates], self.agreement.scales)
        self._count_day(rows, summary)
        item = candidates[0].item_key if candidates else ""
        self.items.append(
            ReportedItem(item, len(rows), summary.agreement, summary.disagreement, summary.source)
        )

    def _count_pairs(
        self,
        rows: Sequence[VoteRow],
        ballots: Sequence[Sequence[Vote]],
        labels: Sequence[Label],
    ) -> None:
        answers: defaultdict[PairQuestion, defaultdict[str, list[tuple[int, VoteValue]]]]
        answers = defaultdict(lambda: defaultdict(list))
        for row, ballot in zip(rows, ballots, strict=True):
            for vote in ballot:
                question = PairQuestion(vote.question, vote.level, vote.is_sided)
                answers[question][vote.part].append((row.expert_id, vote.value))
        self.pairs.add_item([row.expert_id for row in rows])
        for question, parts in answers.items():
            self.pairs.add(question, parts.values())
        self.pairs.add_rankings(
            [
                (row.expert_id, label.ranks)
                for row, label in zip(rows, labels, strict=True)
                if isinstance(label, Ranking)
            ]
        )

    def _count_day(self, rows: Sequence[VoteRow], summary: BallotSummary) -> None:
        times = [row.answered_at for row in rows if row.answered_at is not None]
        if times:
            day, tallies = max(times).date(), self.agreement.tallies
            self.days.add(day, len(rows), summary.units, tallies)

    def coefficients(self) -> Iterator[Coefficient]:
        """Yield the agreement on each question, of all experts and of each two."""
        for question, tally in self.agreement.tallies.items():
            yield from coefficients_of(question, tally)
        rankings = self.rankings.agreement()
        if rankings.items:
            yield from ranking_coefficients(ORDER, rankings)
        yield from self.pairs.coefficients()
