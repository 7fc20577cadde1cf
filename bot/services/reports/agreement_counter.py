"""Counts for the agreement figures of a campaign, while its answers are streamed.

Only votes are compared. They follow from the answer and the candidate order; no text is read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, repeat
from statistics import median
from typing import NamedTuple, TypeAlias

from bot.kinds import kind_named
from bot.kinds.label import Preference, Rating, Verdict
from bot.quality.agreement.agreement import agreement_of
from bot.quality.agreement.tally import Tally
from bot.quality.ballot_summary import BallotSummaries, BallotSummary, Units
from bot.quality.ballots import ComparedBallot
from bot.quality.consensus import ConsensusSource
from bot.quality.gold import GoldTally, is_correct
from bot.quality.reliability.jumps import WeeklyFigure
from bot.quality.reliability.patterns import ExpertPattern, Finding, find_patterns
from bot.quality.reliability.peer_comparison import PeerComparison
from bot.quality.reliability.peer_evidence import PeerEvidence
from bot.quality.reliability.self_consistency import same_side, self_consistency
from bot.quality.reliability.weeks import WeeklyTally
from bot.quality.scales import Scales, points_of
from bot.quality.votes import VoteQuestion
from bot.services.reports.agreement_figures import (
    AgreementFigures,
    ExpertFigures,
)
from bot.services.reports.answer_labels import (
    AnswerLabels,
    GivenLabel,
    RepeatedLabels,
    VotedLabel,
)
from bot.services.reports.task_answers import TaskAnswers
from storage.tables import Campaign


@dataclass(slots=True)
class _ExpertCounter:
    answers: int = 0
    pattern: ExpertPattern = field(default_factory=ExpertPattern)
    matching: int = 0
    compared: int = 0
    gold: GoldTally = field(default_factory=GoldTally)

    def to_figures(
        self, scales: Scales, findings: Iterable[Finding], repeats: Sequence[RepeatedLabels]
    ) -> ExpertFigures:
        seconds = self.pattern.seconds
        return ExpertFigures(
            answers=self.answers,
            median_seconds=median(seconds) if seconds else None,
            agreement=self.matching / self.compared if self.compared else None,
            compared_answers=self.compared,
            gold_accuracy=self.gold.accuracy(scales),
            findings=tuple(findings),
            consistency=self_consistency(((one.first, one.second) for one in repeats), scales),
            same_side=same_side(one.sides for one in repeats),
        )


class CountedAnswer(NamedTuple):
    """An answer that is counted together with equal ones of the same expert and week.

    Attributes:
        expert: who gave it.
        week: the Monday of the week.
        given: its label.
        ballot: its votes beside those of others, or beside the gold answer.
        gold: the gold answer, None if there is none.
    """

    expert: int
    week: date
    given: GivenLabel
    ballot: ComparedBallot
    gold: VotedLabel | None


CountedAnswers: TypeAlias = Sequence[tuple[CountedAnswer, int]]
"""Answers, and how many are equal to each."""


@dataclass(slots=True)
class AgreementCounter:
    """Counts the answers of a campaign, some tasks at a time.

    `repeats`: both answers to repeated items, by expert; they count nowhere else.
    """

    labels: AnswerLabels
    peers: PeerComparison
    summaries: BallotSummaries
    tallies: dict[str, Tally] = field(default_factory=dict)
    sources: Counter[ConsensusSource] = field(default_factory=Counter)
    experts: defaultdict[int, _ExpertCounter] = field(
        default_factory=lambda: defaultdict(_ExpertCounter)
    )
    repeats: Mapping[int, Sequence[RepeatedLabels]] = field(default_factory=dict)
    weeks: WeeklyTally = field(default_factory=WeeklyTally)

    @classmethod
    def start(cls, campaign: Campaign) -> AgreementCounter:
        """Return a counter for the answers of a campaign."""
        kind = kind_named(campaign.kind)
        scales = kind.settings.model_validate(campaign.settings).scales
        return cls(AnswerLabels(kind), PeerComparison(scales), BallotSummaries(scales))

    @property
    def scales(self) -> Scales:
        """Return the scales of the campaign."""
        return self.summaries.scales

    def add(self, tasks: Sequence[TaskAnswers]) -> CountedAnswers:
        """Count the answers to some tasks; return those that can be compared, with their number."""
        self._count_times(tasks)
        self._count_items([task for task in tasks if not task.is_gold])
        self._count_peers([task for task in tasks if task.given])
        counted = Counter(chain.from_iterable([_answers_of(task) for task in tasks if task.given]))
        answers = [(CountedAnswer._make(answer), count) for answer, count in counted.items()]
        for answer, count in answers:
            self._count_answer(answer, count)
        return answers

    def _count_times(self, tasks: Sequence[TaskAnswers]) -> None:
        times = [zip(task.experts, task.weeks, task.seconds, strict=True) for task in tasks]
        for (expert_id, week, seconds), count in Counter(chain.from_iterable(times)).items():
            expert = self.experts[expert_id]
            expert.answers += count
            self.weeks.add_answers(expert_id, week, count)
            if seconds is not None:
                expert.pattern.seconds += [seconds] * count
                self.weeks.add(expert_id, "pace", week, seconds, count)

    def _count_items(self, tasks: Sequence[TaskAnswers]) -> None:
        items = Counter([(task.ballots, task.last_day) for task in tasks])
        for (ballots, day), count in items.items():
            summary = self.summaries.summary_of(ballots)
            self.sources[summary.source] += count
            share = summary.equal_share
            if share is not None:
                self.weeks.add_items(day, share, count)
            for name, item_units in self._units_of(summary).items():
                self.tallies[name].add_same(item_units, count)

    def _count_peers(self, tasks: Sequence[TaskAnswers]) -> None:
        for ballots, count in Counter([task.ballots for task in tasks]).items():
            self.peers.add_items(ballots, count)
        for task in tasks:
            positions = [time.timestamp() for time in task.times]
            self.peers.add_answers(task.experts, positions, task.compared)

    def _units_of(self, summary: BallotSummary) -> Units:
        """Return the units of one item by question, each of which has a tally afterwards."""
        for question in summary.values:
            if question.question not in self.tallies:
                self.tallies[question.question] = self._empty_tally(question)
        return summary.units

    def _empty_tally(self, question: VoteQuestion) -> Tally:
        points = points_of(question.question, self.scales)
        return Tally(question.level, question.is_sided, tuple(range(1, points + 1)))

    def _count_answer(self, answer: CountedAnswer, count: int) -> None:
        label, side = answer.given.label.label, answer.given.side
        expert = self.experts[answer.expert]
        match label:
            case Preference():
                if side is not None:
                    expert.pattern.sides[side] += count
                    self._count_week(answer, "side", int(side == 0), count)
            case Rating() | Verdict():
                expert.pattern.answers[answer.given.label.ballot.votes] += count
            case _:
                pass
        if answer.gold is not None:
            expert.gold.add(label, answer.gold.label, count)
            is_right = int(is_correct(label, answer.gold.label, self.scales))
            self._count_week(answer, "gold", is_right, count)
            return
        found = answer.ballot.matches
        expert.compared += found.compared * count
        expert.matching += found.matching * count
        if found.compared:
            self._count_week(answer, "agreement", found.matching / found.compared, count)

    def _count_week(
        self, answer: CountedAnswer, figure: WeeklyFigure, value: float, count: int
    ) -> None:
        self.weeks.add(answer.expert, figure, answer.week, value, count)

    def to_figures(self, evidence: Mapping[int, PeerEvidence] | None = None) -> AgreementFigures:
        """Return the figures of the answers counted so far.

        Args:
            evidence: what `peers` finds, if that is known already.
        """
        findings = find_patterns({key: expert.pattern for key, expert in self.experts.items()})
        known = self.peers.find_evidence() if evidence is None else evidence
        for expert_id, found in known.items():
            if found.is_clear:
                findings.setdefault(expert_id, []).append(found)
        jumps = self.weeks.last_jumps()
        for subject, own_jumps in jumps.items():
            if subject is not None:
                findings.setdefault(subject, []).extend(own_jumps)
        return AgreementFigures(
            answers=sum(expert.answers for expert in self.experts.values()),
            questions={name: agreement_of(tally) for name, tally in self.tallies.items()},
            sources=dict(self.sources),
            jumps=tuple(jumps.get(None, ())),
            experts={
                expert_id: expert.to_figures(
                    self.scales, findings.get(expert_id, ()), self.repeats.get(expert_id, ())
                )
                for expert_id, expert in self.experts.items()
            },
        )


def _answers_of(task: TaskAnswers) -> Iterable[tuple[object, ...]]:
    """Return the fields of `CountedAnswer` for each answer; plain tuples are counted faster."""
    return zip(task.experts, task.weeks, task.given, task.compared, repeat(task.gold), strict=False)
