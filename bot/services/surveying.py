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
from bot.quality.consensus import Source, source_of
from bot.quality.gold import Accuracy, accuracy, is_right
from bot.quality.votes import Asked, Value, Vote, by_question, votes_of
from storage.queries import surveys, votes
from storage.queries.votes import VoteRow
from storage.tables import Campaign

FRESH = timedelta(minutes=10)
"""How long what was found is good enough for a glance, though answers came since."""

AT_ONCE = timedelta(minutes=1)
"""How long it is good enough for somebody who asks."""


QUICK = 5_000
"""So many answers are read within a third of a second: beside clicks, and while somebody waits."""


@dataclass(frozen=True, slots=True)
class ExpertFound:
    """What the answers of one expert say.

    Attributes:
        answers: how many stand, gold among them.
        seconds: the median of how long one took; None where nobody knows.
        agrees: the share of what others said about the same items that is the same; None without.
        compared: how many answers of others that is.
        gold: how often they were right where the right answer is known.
    """

    answers: int
    seconds: float | None
    agrees: float | None
    compared: int
    gold: Accuracy | None


@dataclass(frozen=True, slots=True)
class Found:
    """What all answers of a campaign say together, gold left aside.

    Attributes:
        answers: how many were read, gold among them.
        questions: how much experts agree on each question.
        sources: how many items there are of each source.
        experts: what is known of each expert, by their id.
    """

    answers: int = 0
    questions: dict[str, Agreement] = field(default_factory=dict)
    sources: dict[Source, int] = field(default_factory=dict)
    experts: dict[int, ExpertFound] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was found, and when."""

    found: Found
    at: datetime


_AS_KEPT = TypeAdapter(Found)


def survey(session: Session, campaign_id: int) -> Found:
    """Read all answers of a campaign, task by task, and return what they say."""
    kind = kind_named(session.get_one(Campaign, campaign_id).kind)
    count = _Count(kind, is_voted=bool(votes_of(kind.example.label)))
    with closing(votes.cast(session, campaign_id)) as rows:
        for _task, answers in groupby(rows, key=attrgetter("task_id")):
            count.add(list(answers))
    return count.found()


def label_of(kind: Kind[Any], value: Mapping[str, Any], order: Order) -> Label:
    """Return the label of an answer without the texts it is about: for its votes alone."""
    return kind.label(Content(candidates=tuple(Candidate("") for _ in order)), dict(value), order)


@dataclass(slots=True)
class _Expert:
    answers: int = 0
    seconds: list[int] = field(default_factory=list)
    same: int = 0
    compared: int = 0
    right: int = 0
    asked: int = 0

    def found(self) -> ExpertFound:
        return ExpertFound(
            answers=self.answers,
            seconds=median(self.seconds) if self.seconds else None,
            agrees=self.same / self.compared if self.compared else None,
            compared=self.compared,
            gold=accuracy(self.right, self.asked),
        )


@dataclass(slots=True)
class _Count:
    """What is counted while the answers stream by. `is_voted`: two answers can agree."""

    kind: Kind[Any]
    is_voted: bool
    tallies: dict[str, Tally] = field(default_factory=dict)
    sources: Counter[Source] = field(default_factory=Counter)
    experts: defaultdict[int, _Expert] = field(default_factory=lambda: defaultdict(_Expert))

    def add(self, rows: Sequence[VoteRow]) -> None:
        """Count the answers to one task."""
        for row in rows:
            expert = self.experts[row.expert_id]
            expert.answers += 1
            if row.seconds is not None:
                expert.seconds.append(row.seconds)
        labels = [label_of(self.kind, r.value, r.candidate_order) for r in self._voted(rows)]
        if rows[0].gold is not None:
            self._compare_with_gold(rows, labels)
        else:
            self._compare(rows, labels)

    def _voted(self, rows: Sequence[VoteRow]) -> Sequence[VoteRow]:
        return rows if self.is_voted else ()

    def _compare_with_gold(self, rows: Sequence[VoteRow], labels: Iterable[Label]) -> None:
        order = sorted(rows[0].candidate_order)
        for row, label in zip(rows, labels, strict=False):
            right = is_right(label, label_of(self.kind, row.gold or {}, order))
            if right is not None:
                expert = self.experts[row.expert_id]
                expert.right, expert.asked = expert.right + right, expert.asked + 1

    def _compare(self, rows: Sequence[VoteRow], labels: Sequence[Label]) -> None:
        ballots = [votes_of(label) for label in labels]
        self.sources[source_of(ballots)] += 1
        if len(rows) > 1:
            for asked, values in by_question(ballots).items():
                self.tallies.setdefault(asked.question, Tally(asked.level)).add(values)
                self._compare_each(asked, rows, ballots, Counter(values))

    def _compare_each(
        self,
        asked: Asked,
        rows: Sequence[VoteRow],
        ballots: Sequence[Sequence[Vote]],
        said: Counter[Value],
    ) -> None:
        """Count for each expert who said the same: all who said it but themselves."""
        others = said.total() - 1
        for row, ballot in zip(rows, ballots, strict=True):
            for vote in ballot:
                if (vote.question, vote.part) == (asked.question, asked.part):
                    expert = self.experts[row.expert_id]
                    expert.compared += others
                    expert.same += said[vote.value] - 1

    def found(self) -> Found:
        """Return what was found, once all answers are counted."""
        return Found(
            answers=sum(expert.answers for expert in self.experts.values()),
            questions={name: tally.agreement() for name, tally in self.tallies.items()},
            sources=dict(self.sources),
            experts={number: expert.found() for number, expert in self.experts.items()},
        )


def kept(session: Session, campaign_id: int) -> Kept | None:
    """Return what was found last, None if nobody looked yet."""
    row = surveys.of(session, campaign_id)
    return Kept(_AS_KEPT.validate_python(row.found), row.at) if row else None


def keep(session: Session, campaign_id: int, found: Found, now: datetime) -> None:
    """Keep what was found in place of what was found before."""
    surveys.put(session, campaign_id, _AS_KEPT.dump_python(found, mode="json"), now)


def due(session: Session, now: datetime) -> int | None:
    """Return the first campaign whose answers were not looked at for a while, None if all were."""
    return surveys.due(session, now - FRESH)


def is_current(session: Session, campaign_id: int, now: datetime, fresh: timedelta = FRESH) -> bool:
    """Say whether what was found last will do: it is fresh, or no answer came or went since."""
    before = kept(session, campaign_id)
    if before is None:
        return False
    return now - before.at < fresh or before.found.answers == votes.count(session, campaign_id)


def is_quick(session: Session, campaign_id: int, most: int = QUICK) -> bool:
    """Say whether a campaign has so few answers that they can be read beside clicks."""
    return votes.count(session, campaign_id) <= most


def look_again(session: Session, campaign_id: int, now: datetime) -> None:
    """Write down that what was found last still holds."""
    before = kept(session, campaign_id)
    keep(session, campaign_id, before.found if before else Found(), now)
