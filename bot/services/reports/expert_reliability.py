"""Reliability of each expert of a campaign, for the quality report.

The rows are for coordinators and for the expert alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import compress

from bot.quality.agreement.interval import Estimate
from bot.quality.proportion import two_sided_p
from bot.quality.reliability.pace import Pace, PaceTally, medians_of_others
from bot.quality.reliability.patterns import ExpertPattern
from bot.quality.reliability.peer_agreement import PeerAgreementCounter
from bot.quality.reliability.peer_evidence import PeerEvidence
from bot.quality.reliability.sequential import p_of_preferred_side
from bot.quality.reliability.weeks import WeekFigures
from bot.services.reports.agreement_counter import AgreementCounter, CountedAnswers
from bot.services.reports.task_answers import TaskAnswers


@dataclass(frozen=True, slots=True)
class QuestionReliability:
    """How an expert agrees with the others on one question.

    Attributes:
        question: the question.
        items: items that the expert and at least one other answered.
        agreement: agreement with the others, corrected for chance, with a 95% interval.
        alpha_without: alpha of everybody else.
        alpha_change: how much the expert changes alpha; less than 0 lowers it.
    """

    question: str
    items: int
    agreement: Estimate
    alpha_without: float | None
    alpha_change: float | None


@dataclass(frozen=True, slots=True)
class SideCount:
    """How often an expert preferred the response at one position, from 0.

    Attributes:
        position: the preferred position.
        chosen: how often it was preferred, of `total`.
        p: p-value of the exact binomial test, for one look at the data.
        p_at_any_time: the p-value that holds over all looks; warnings use it.
    """

    position: int
    chosen: int
    total: int
    p: float
    p_at_any_time: float


@dataclass(frozen=True, slots=True)
class MostFrequentAnswer:
    """How often an expert gave their most frequent answer, of `total`."""

    count: int
    total: int


@dataclass(frozen=True, slots=True)
class ExpertReliability:
    """Reliability of one expert; None where there are too few answers.

    Attributes:
        questions: agreement by question.
        side: the side that the expert prefers in comparisons.
        most_frequent: the answer that the expert gives most often.
        pace: how fast the expert answers.
        peers: evidence that answers do not depend on the items, or reverse a scale.
        weeks: figures by week, oldest first.
    """

    questions: tuple[QuestionReliability, ...] = ()
    side: SideCount | None = None
    most_frequent: MostFrequentAnswer | None = None
    pace: Pace | None = None
    peers: PeerEvidence | None = None
    weeks: tuple[WeekFigures, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return the row as plain lists, mappings and numbers."""
        return asdict(self)


@dataclass(slots=True)
class ReliabilityCounter:
    """Counts what `AgreementCounter` does not, while answers are streamed."""

    agreement: PeerAgreementCounter = field(default_factory=PeerAgreementCounter)
    paces: defaultdict[int, PaceTally] = field(default_factory=lambda: defaultdict(PaceTally))

    def add(self, tasks: Iterable[TaskAnswers], answers: CountedAnswers) -> None:
        """Count the answers to some tasks; `answers` are those that can be compared."""
        for task in tasks:
            self._add_times(task)
        for answer, count in answers:
            if answer.gold is None:
                self.agreement.add(answer.expert, answer.ballot, count)

    def _add_times(self, task: TaskAnswers) -> None:
        times = [time for time in task.seconds if time is not None]
        experts = compress(task.experts, [time is not None for time in task.seconds])
        for expert, time, usual in zip(experts, times, medians_of_others(times), strict=True):
            self.paces[expert].add(time, usual)

    def rows(
        self, counter: AgreementCounter, evidence: Mapping[int, PeerEvidence]
    ) -> dict[int, ExpertReliability]:
        """Return the reliability of each expert who answered, by expert.

        Args:
            counter: has counted the same answers.
            evidence: what `counter.peers` finds, by expert.
        """
        return {
            expert: ExpertReliability(
                questions=tuple(self._questions_of(expert, counter)),
                side=_side_of(counted.pattern),
                most_frequent=_most_frequent_of(counted.pattern),
                pace=self.paces[expert].pace(),
                peers=evidence.get(expert),
                weeks=counter.weeks.weeks_of(expert),
            )
            for expert, counted in counter.experts.items()
        }

    def _questions_of(self, expert: int, counter: AgreementCounter) -> list[QuestionReliability]:
        answered = self.agreement.profiles.get(expert, {})
        found = {
            question: self.agreement.agreement_of(expert, question, counter.tallies[question])
            for question in answered
        }
        return [
            QuestionReliability(
                question, one.items, one.agreement, one.alpha_without, one.alpha_change
            )
            for question, one in found.items()
        ]


def _side_of(pattern: ExpertPattern) -> SideCount | None:
    total = pattern.sides.total()
    if not total:
        return None
    position, chosen = pattern.sides.most_common(1)[0]
    p_at_any_time = p_of_preferred_side(chosen, total - chosen)
    return SideCount(position, chosen, total, two_sided_p(chosen, total), p_at_any_time)


def _most_frequent_of(pattern: ExpertPattern) -> MostFrequentAnswer | None:
    if not pattern.answers:
        return None
    return MostFrequentAnswer(max(pattern.answers.values()), pattern.answers.total())
