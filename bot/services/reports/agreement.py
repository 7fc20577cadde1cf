"""Agreement figures of a campaign, computed from all its answers and stored for a while.

Only votes are compared. They follow from the answer and the candidate order; no text is read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session

from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.content import Candidate, Content, Order
from bot.kinds.label import Label
from bot.quality.agreement.agreement import Agreement, agreement_of
from bot.quality.agreement.tally import Tally
from bot.quality.consensus import ConsensusSource, find_consensus
from bot.quality.reliability.patterns import find_patterns
from bot.quality.reliability.peer_comparison import BallotOf, PeerComparison, PeerEvidence
from bot.quality.scales import Scales, points_of
from bot.quality.votes import Vote, VoteQuestion, VoteValue, values_by_question, votes_of
from bot.services.reports.expert_figures import ExpertCounter, ExpertFigures, count_pattern
from bot.services.reports.model_ranks import ModelRank
from storage.queries import agreement_reports, votes
from storage.queries.votes import VoteRow
from storage.tables import Campaign

MAX_REPORT_AGE = timedelta(minutes=10)
"""Maximum age of stored figures in overviews, if there are newer answers."""

MAX_AGE_ON_REQUEST = timedelta(minutes=1)
"""Maximum age of stored figures when somebody requests them."""

MAX_INLINE_ANSWERS = 5_000
"""Up to this many answers are read in the main process: it takes a third of a second."""


@dataclass(frozen=True, slots=True)
class AgreementFigures:
    """Figures of a campaign. Gold items count in `answers` and `experts` only.

    Attributes:
        answers: number of answers read.
        questions: agreement by question.
        sources: number of items by level of consensus.
        experts: figures by expert id.
        models: the models from the strongest of each group; only a child process computes them.
    """

    answers: int = 0
    questions: dict[str, Agreement] = field(default_factory=dict)
    sources: dict[ConsensusSource, int] = field(default_factory=dict)
    experts: dict[int, ExpertFigures] = field(default_factory=dict)
    models: tuple[ModelRank, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredFigures:
    """Figures and the time they were computed."""

    figures: AgreementFigures
    computed_at: datetime


_FIGURES_ADAPTER = TypeAdapter(AgreementFigures)


def compute_figures(session: Session, campaign_id: int) -> AgreementFigures:
    """Compute the figures of a campaign from all its answers, task by task."""
    counter = AgreementCounter.start(session.get_one(Campaign, campaign_id))
    with closing(votes.stream_votes(session, campaign_id)) as rows:
        for _task_id, task_rows in groupby(rows, key=attrgetter("task_id")):
            counter.add(list(task_rows))
    return counter.to_figures()


def compute_with_stored_models(session: Session, campaign_id: int) -> AgreementFigures:
    """Compute the figures of a campaign, but take the models from the stored ones."""
    stored = stored_figures(session, campaign_id)
    models = stored.figures.models if stored else ()
    return replace(compute_figures(session, campaign_id), models=models)


def label_of(kind: Kind[Any], value: Mapping[str, Any], order: Order) -> Label:
    """Return the label of an answer without its texts, which is enough for its votes."""
    return kind.to_label(
        Content(candidates=tuple(Candidate("") for _ in order)), dict(value), order
    )


@dataclass(slots=True)
class AgreementCounter:
    """Counts while answers are streamed. `has_votes`: answers of this kind can be compared."""

    kind: Kind[Any]
    scales: Scales
    has_votes: bool
    peers: PeerComparison
    tallies: dict[str, Tally] = field(default_factory=dict)
    sources: Counter[ConsensusSource] = field(default_factory=Counter)
    experts: defaultdict[int, ExpertCounter] = field(
        default_factory=lambda: defaultdict(ExpertCounter)
    )

    @classmethod
    def start(cls, campaign: Campaign) -> AgreementCounter:
        """Return a counter for the answers of a campaign."""
        kind = kind_named(campaign.kind)
        scales = kind.settings.model_validate(campaign.settings).scales
        has_votes = bool(votes_of(kind.example.label))
        return cls(kind, scales, has_votes, PeerComparison(scales))

    def add(self, rows: Sequence[VoteRow]) -> list[Label]:
        """Count the answers to one task, and return their labels if they can be compared."""
        for row in rows:
            expert = self.experts[row.expert_id]
            expert.answers += 1
            if row.seconds is not None:
                expert.pattern.seconds.append(row.seconds)
        labels = [label_of(self.kind, r.value, r.candidate_order) for r in self._votable_rows(rows)]
        for row, label in zip(rows, labels, strict=False):
            count_pattern(self.experts[row.expert_id].pattern, row, label)
        if rows[0].gold is not None:
            self._compare_with_gold(rows, labels)
        else:
            self._count_agreement(rows, labels)
        return labels

    def _votable_rows(self, rows: Sequence[VoteRow]) -> Sequence[VoteRow]:
        return rows if self.has_votes else ()

    def _compare_with_gold(self, rows: Sequence[VoteRow], labels: Sequence[Label]) -> None:
        if not labels:
            return
        order = sorted(rows[0].candidate_order)
        gold = label_of(self.kind, rows[0].gold or {}, order)
        for row, label in zip(rows, labels, strict=True):
            self.experts[row.expert_id].gold.add(label, gold)
        ballots = [votes_of(label) for label in labels]
        self.peers.add(_ballots_of(rows, ballots), votes_of(gold))

    def _count_agreement(self, rows: Sequence[VoteRow], labels: Sequence[Label]) -> None:
        ballots = [votes_of(label) for label in labels]
        self.sources[find_consensus(ballots, self.scales).source] += 1
        for question, values in values_by_question(ballots).items():
            self._count_matches(question, rows, ballots, Counter(values))
        for name, item_units in self.units_of(ballots).items():
            self.tallies[name].add(item_units)
        if labels:
            self.peers.add(_ballots_of(rows, ballots))

    def units_of(self, ballots: Sequence[Sequence[Vote]]) -> dict[str, list[list[VoteValue]]]:
        """Return the units of one item by question, each of which has a tally afterwards."""
        units: defaultdict[str, list[list[VoteValue]]] = defaultdict(list)
        for question, values in values_by_question(ballots).items():
            self.tallies.setdefault(question.question, self._empty_tally(question))
            units[question.question].append(values)
        return units

    def _empty_tally(self, question: VoteQuestion) -> Tally:
        points = points_of(question.question, self.scales)
        return Tally(question.level, question.is_sided, tuple(range(1, points + 1)))

    def _count_matches(
        self,
        question: VoteQuestion,
        rows: Sequence[VoteRow],
        ballots: Sequence[Sequence[Vote]],
        value_counts: Counter[VoteValue],
    ) -> None:
        """Count for each expert the votes of others, and those equal to the expert's own."""
        others = value_counts.total() - 1
        for row, ballot in zip(rows, ballots, strict=True):
            for vote in ballot:
                if (vote.question, vote.part) == (question.question, question.part):
                    expert = self.experts[row.expert_id]
                    expert.compared += others
                    expert.matching += value_counts[vote.value] - 1

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
        return AgreementFigures(
            answers=sum(expert.answers for expert in self.experts.values()),
            questions={name: agreement_of(tally) for name, tally in self.tallies.items()},
            sources=dict(self.sources),
            experts={
                expert_id: expert.to_figures(self.scales, findings.get(expert_id, ()))
                for expert_id, expert in self.experts.items()
            },
        )


def _ballots_of(rows: Sequence[VoteRow], ballots: Sequence[Sequence[Vote]]) -> list[BallotOf]:
    return [
        BallotOf(row.expert_id, row.answered_at.timestamp(), ballot)
        for row, ballot in zip(rows, ballots, strict=True)
    ]


def stored_figures(session: Session, campaign_id: int) -> StoredFigures | None:
    """Return the stored figures of a campaign, or None if they were never computed."""
    row = agreement_reports.report_of(session, campaign_id)
    if row is None:
        return None
    try:
        figures = _FIGURES_ADAPTER.validate_python(row.figures)
    except ValidationError:  # stored by an older version; they are soon computed again
        return None
    return StoredFigures(figures, row.computed_at)


def store_figures(
    session: Session, campaign_id: int, figures: AgreementFigures, now: datetime
) -> None:
    """Store figures in place of the previous ones."""
    agreement_reports.save(
        session, campaign_id, _FIGURES_ADAPTER.dump_python(figures, mode="json"), now
    )


def next_due_campaign(session: Session, now: datetime) -> int | None:
    """Return the campaign with the oldest figures that are due for an update, or None."""
    return agreement_reports.due_campaign_id(session, now, MAX_REPORT_AGE)


def is_current(
    session: Session, campaign_id: int, now: datetime, max_age: timedelta = MAX_REPORT_AGE
) -> bool:
    """Return whether the stored figures are younger than `max_age` or cover all answers.

    Figures that lie ahead are not, because the clock was set back.
    """
    stored = stored_figures(session, campaign_id)
    if stored is None:
        return False
    is_young = timedelta() <= now - stored.computed_at < max_age
    return is_young or stored.figures.answers == votes.count_answers(session, campaign_id)


def can_compute_inline(session: Session, campaign_id: int, limit: int = MAX_INLINE_ANSWERS) -> bool:
    """Return whether the figures can be computed in the main process: few enough answers."""
    return votes.count_answers(session, campaign_id) <= limit


def renew_figures(session: Session, campaign_id: int, now: datetime) -> None:
    """Mark the stored figures as computed now."""
    stored = stored_figures(session, campaign_id)
    store_figures(session, campaign_id, stored.figures if stored else AgreementFigures(), now)
