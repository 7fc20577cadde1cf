"""What the answers of a campaign say together: all are read, so what was found is kept for a while.

No text is read: votes follow from what was answered and the order it was seen in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from statistics import median
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.content import Candidate, Content, Order
from bot.kinds.label import Label
from bot.quality.agreement import Agreement, Tally
from bot.quality.consensus import ConsensusSource, consensus_source
from bot.quality.gold import Accuracy, accuracy_of, is_correct
from bot.quality.votes import Vote, VoteQuestion, VoteValue, values_by_question, votes_of
from storage.queries import agreement_reports, votes
from storage.queries.votes import VoteRow
from storage.tables import Campaign

MAX_REPORT_AGE = timedelta(minutes=10)
"""How long what was found is good enough for a glance, though answers came since."""

MAX_AGE_ON_REQUEST = timedelta(minutes=1)
"""How long it is good enough for somebody who asks."""


MAX_INLINE_ANSWERS = 5_000
"""So many answers are read within a third of a second: beside clicks, and while somebody waits."""


@dataclass(frozen=True, slots=True)
class ExpertFigures:
    """What the answers of one expert say.

    Attributes:
        answers: how many stand, gold among them.
        seconds: the median of how long one took; None where nobody knows.
        agrees: the share of what others said about the same items that is the same; None without.
        compared: how many answers of others that is.
        gold: how often they were right where the right answer is known.
    """

    answers: int
    median_seconds: float | None
    agreement: float | None
    compared_answers: int
    gold_accuracy: Accuracy | None


@dataclass(frozen=True, slots=True)
class AgreementFigures:
    """What all answers of a campaign say together, gold left aside.

    Attributes:
        answers: how many were read, gold among them.
        questions: how much experts agree on each question.
        sources: how many items there are of each source.
        experts: what is known of each expert, by their id.
    """

    answers: int = 0
    questions: dict[str, Agreement] = field(default_factory=dict)
    sources: dict[ConsensusSource, int] = field(default_factory=dict)
    experts: dict[int, ExpertFigures] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredFigures:
    """What was found, and when."""

    figures: AgreementFigures
    computed_at: datetime


_FIGURES_ADAPTER = TypeAdapter(AgreementFigures)


def compute_figures(session: Session, campaign_id: int) -> AgreementFigures:
    """Read all answers of a campaign, task by task, and return what they say."""
    kind = kind_named(session.get_one(Campaign, campaign_id).kind)
    counter = _AgreementCounter(kind, has_votes=bool(votes_of(kind.example.label)))
    with closing(votes.stream_votes(session, campaign_id)) as rows:
        for _task, answers in groupby(rows, key=attrgetter("task_id")):
            counter.add(list(answers))
    return counter.to_figures()


def label_of(kind: Kind[Any], value: Mapping[str, Any], order: Order) -> Label:
    """Return the label of an answer without the texts it is about: for its votes alone."""
    return kind.to_label(
        Content(candidates=tuple(Candidate("") for _ in order)), dict(value), order
    )


@dataclass(slots=True)
class _ExpertCounter:
    answers: int = 0
    seconds: list[int] = field(default_factory=list)
    matching: int = 0
    compared: int = 0
    gold_right: int = 0
    gold_answered: int = 0

    def to_figures(self) -> ExpertFigures:
        return ExpertFigures(
            answers=self.answers,
            median_seconds=median(self.seconds) if self.seconds else None,
            agreement=self.matching / self.compared if self.compared else None,
            compared_answers=self.compared,
            gold_accuracy=accuracy_of(self.gold_right, self.gold_answered),
        )


@dataclass(slots=True)
class _AgreementCounter:
    """What is counted while the answers stream by. `is_voted`: two answers can agree."""

    kind: Kind[Any]
    has_votes: bool
    tallies: dict[str, Tally] = field(default_factory=dict)
    sources: Counter[ConsensusSource] = field(default_factory=Counter)
    experts: defaultdict[int, _ExpertCounter] = field(
        default_factory=lambda: defaultdict(_ExpertCounter)
    )

    def add(self, rows: Sequence[VoteRow]) -> None:
        """Count the answers to one task."""
        for row in rows:
            expert = self.experts[row.expert_id]
            expert.answers += 1
            if row.seconds is not None:
                expert.seconds.append(row.seconds)
        labels = [label_of(self.kind, r.value, r.candidate_order) for r in self._votable_rows(rows)]
        if rows[0].gold is not None:
            self._compare_with_gold(rows, labels)
        else:
            self._count_agreement(rows, labels)

    def _votable_rows(self, rows: Sequence[VoteRow]) -> Sequence[VoteRow]:
        return rows if self.has_votes else ()

    def _compare_with_gold(self, rows: Sequence[VoteRow], labels: Iterable[Label]) -> None:
        order = sorted(rows[0].candidate_order)
        for row, label in zip(rows, labels, strict=False):
            right = is_correct(label, label_of(self.kind, row.gold or {}, order))
            if right is not None:
                expert = self.experts[row.expert_id]
                expert.gold_right, expert.gold_answered = (
                    expert.gold_right + right,
                    expert.gold_answered + 1,
                )

    def _count_agreement(self, rows: Sequence[VoteRow], labels: Sequence[Label]) -> None:
        ballots = [votes_of(label) for label in labels]
        self.sources[consensus_source(ballots)] += 1
        if len(rows) > 1:
            for asked, values in values_by_question(ballots).items():
                self.tallies.setdefault(asked.question, Tally(asked.level)).add(values)
                self._count_matches(asked, rows, ballots, Counter(values))

    def _count_matches(
        self,
        asked: VoteQuestion,
        rows: Sequence[VoteRow],
        ballots: Sequence[Sequence[Vote]],
        value_counts: Counter[VoteValue],
    ) -> None:
        """Count for each expert who said the same: all who said it but themselves."""
        others = value_counts.total() - 1
        for row, ballot in zip(rows, ballots, strict=True):
            for vote in ballot:
                if (vote.question, vote.part) == (asked.question, asked.part):
                    expert = self.experts[row.expert_id]
                    expert.compared += others
                    expert.matching += value_counts[vote.value] - 1

    def to_figures(self) -> AgreementFigures:
        """Return what was found, once all answers are counted."""
        return AgreementFigures(
            answers=sum(expert.answers for expert in self.experts.values()),
            questions={name: tally.agreement() for name, tally in self.tallies.items()},
            sources=dict(self.sources),
            experts={number: expert.to_figures() for number, expert in self.experts.items()},
        )


def stored_figures(session: Session, campaign_id: int) -> StoredFigures | None:
    """Return what was found last, None if nobody looked yet."""
    row = agreement_reports.report_of(session, campaign_id)
    return (
        StoredFigures(_FIGURES_ADAPTER.validate_python(row.figures), row.computed_at)
        if row
        else None
    )


def store_figures(
    session: Session, campaign_id: int, figures: AgreementFigures, now: datetime
) -> None:
    """Keep what was found in place of what was found before."""
    agreement_reports.save(
        session, campaign_id, _FIGURES_ADAPTER.dump_python(figures, mode="json"), now
    )


def next_due_campaign(session: Session, now: datetime) -> int | None:
    """Return the first campaign whose answers were not looked at for a while, None if all were."""
    return agreement_reports.due_campaign_id(session, now - MAX_REPORT_AGE)


def is_current(
    session: Session, campaign_id: int, now: datetime, max_age: timedelta = MAX_REPORT_AGE
) -> bool:
    """Say whether what was found last will do: it is fresh, or no answer came or went since."""
    stored = stored_figures(session, campaign_id)
    if stored is None:
        return False
    return now - stored.computed_at < max_age or stored.figures.answers == votes.count_answers(
        session, campaign_id
    )


def can_compute_inline(session: Session, campaign_id: int, limit: int = MAX_INLINE_ANSWERS) -> bool:
    """Say whether a campaign has so few answers that they can be read beside clicks."""
    return votes.count_answers(session, campaign_id) <= limit


def renew_figures(session: Session, campaign_id: int, now: datetime) -> None:
    """Write down that what was found last still holds."""
    stored = stored_figures(session, campaign_id)
    store_figures(session, campaign_id, stored.figures if stored else AgreementFigures(), now)
