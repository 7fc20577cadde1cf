"""Counts for the agreement figures of a campaign, while its answers are streamed.

Only votes are compared. They follow from the answer and the candidate order; no text is read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.label import Preference, Rating, Verdict
from bot.quality.agreement.agreement import agreement_of
from bot.quality.agreement.tally import Tally
from bot.quality.ballot_summary import Ballots, BallotSummaries, BallotSummary, Matches, Units
from bot.quality.consensus import ConsensusSource
from bot.quality.gold import GoldTally, is_correct
from bot.quality.reliability.patterns import ExpertPattern, Finding, find_patterns
from bot.quality.reliability.peer_comparison import BallotOf, PeerComparison
from bot.quality.reliability.peer_evidence import PeerEvidence
from bot.quality.reliability.self_consistency import same_side, self_consistency
from bot.quality.reliability.weeks import WeeklyTally
from bot.quality.scales import Scales, points_of
from bot.quality.votes import Vote, VoteQuestion, votes_of
from bot.services.reports.agreement_figures import (
    AgreementFigures,
    ExpertFigures,
)
from bot.services.reports.answer_labels import (
    AnswerLabels,
    LabelWithVotes,
    RepeatedLabels,
    label_of,
    side_of,
)
from storage.queries.votes import VoteRow
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


@dataclass(slots=True)
class AgreementCounter:
    """Counts while answers are streamed.

    `has_votes`: answers of this kind can be compared. `repeats`: both answers to repeated items, by
    expert; they count nowhere else.
    """

    kind: Kind[Any]
    has_votes: bool
    peers: PeerComparison
    labels: AnswerLabels
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
        has_votes = bool(votes_of(kind.example.label))
        peers = PeerComparison(scales)
        return cls(kind, has_votes, peers, AnswerLabels(kind), BallotSummaries(scales))

    @property
    def scales(self) -> Scales:
        """Return the scales of the campaign."""
        return self.summaries.scales

    def add(self, rows: Sequence[VoteRow]) -> list[LabelWithVotes]:
        """Count the answers to one task, and return their labels if they can be compared."""
        for row in rows:
            expert = self.experts[row.expert_id]
            expert.answers += 1
            if row.seconds is not None:
                expert.pattern.seconds.append(row.seconds)
            self._count_week(row)
        votable = self._votable_rows(rows)
        labels = [self.labels.label_of(row.value, row.candidate_order) for row in votable]
        for row, given in zip(votable, labels, strict=True):
            side = side_of(given.label, row.candidate_order)
            _count_pattern(self.experts[row.expert_id].pattern, given, side)
            if side is not None:
                self.weeks.add(row.expert_id, "side", row.answered_at.date(), int(side == 0))
        if rows[0].gold is not None:
            self._compare_with_gold(rows, labels)
        else:
            self._count_agreement(rows, labels)
        return labels

    def _count_week(self, row: VoteRow) -> None:
        day = row.answered_at.date()
        self.weeks.add_answer(row.expert_id, day)
        if row.seconds is not None:
            self.weeks.add(row.expert_id, "pace", day, row.seconds)

    def _votable_rows(self, rows: Sequence[VoteRow]) -> Sequence[VoteRow]:
        return rows if self.has_votes else ()

    def _compare_with_gold(self, rows: Sequence[VoteRow], labels: Sequence[LabelWithVotes]) -> None:
        if not labels:
            return
        order = sorted(rows[0].candidate_order)
        gold = label_of(self.kind, rows[0].gold or {}, order)
        for row, given in zip(rows, labels, strict=True):
            self.experts[row.expert_id].gold.add(given.label, gold)
            is_right = int(is_correct(given.label, gold, self.scales))
            self.weeks.add(row.expert_id, "gold", row.answered_at.date(), is_right)
        self.peers.add(_ballots_of(rows, ballots_of(labels)), votes_of(gold))

    def _count_agreement(self, rows: Sequence[VoteRow], labels: Sequence[LabelWithVotes]) -> None:
        ballots = ballots_of(labels)
        summary = self.summaries.summary_of(ballots)
        self.sources[summary.source] += 1
        for row, found in zip(rows, summary.matches, strict=False):  # there may be no votes
            self._add_matches(row, found)
        compared = sum(found.compared for found in summary.matches)
        if compared:
            last_day = max(row.answered_at for row in rows).date()
            matching = sum(found.matching for found in summary.matches)
            self.weeks.add_item(last_day, matching / compared)
        for name, item_units in self._units_of(summary).items():
            self.tallies[name].add(item_units)
        if labels:
            self.peers.add(_ballots_of(rows, ballots))

    def _units_of(self, summary: BallotSummary) -> Units:
        """Return the units of one item by question, each of which has a tally afterwards."""
        for question in summary.values:
            if question.question not in self.tallies:
                self.tallies[question.question] = self._empty_tally(question)
        return summary.units

    def _empty_tally(self, question: VoteQuestion) -> Tally:
        points = points_of(question.question, self.scales)
        return Tally(question.level, question.is_sided, tuple(range(1, points + 1)))

    def _add_matches(self, row: VoteRow, found: Matches) -> None:
        expert = self.experts[row.expert_id]
        expert.compared += found.compared
        expert.matching += found.matching
        if found.compared:
            share = found.matching / found.compared
            self.weeks.add(row.expert_id, "agreement", row.answered_at.date(), share)

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


def _ballots_of(rows: Sequence[VoteRow], ballots: Sequence[Sequence[Vote]]) -> list[BallotOf]:
    return [
        BallotOf(row.expert_id, row.answered_at.timestamp(), ballot)
        for row, ballot in zip(rows, ballots, strict=True)
    ]


def ballots_of(labels: Iterable[LabelWithVotes]) -> Ballots:
    """Return the votes of each answer to one item."""
    return tuple([given.votes for given in labels])


def _count_pattern(pattern: ExpertPattern, given: LabelWithVotes, side: int | None) -> None:
    """Count a preference by the side that the expert saw, other labels by what they say."""
    match given.label:
        case Preference():
            if side is not None:
                pattern.sides[side] += 1
        case Rating() | Verdict():
            pattern.answers[given.votes] += 1
        case _:
            pass
