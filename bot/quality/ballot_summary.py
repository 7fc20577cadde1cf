"""What the answers to one item say together, found once for items with the same answers.

A campaign with a million answers has few different combinations of votes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.quality.consensus import ConsensusSource, find_consensus
from bot.quality.disagreement import disagreement_of
from bot.quality.scales import Scales
from bot.quality.votes import Vote, VoteQuestion, VoteValue, main_votes, values_by_question

MAX_SUMMARIES = 20_000
"""Summaries that are kept: a few megabytes. Rankings and many criteria have more combinations."""

Ballots = tuple[tuple[Vote, ...], ...]
"""The votes of each answer to an item."""

Units = Mapping[str, Sequence[Sequence[VoteValue]]]
"""The values that experts gave, by question and for each of its parts."""


class Matches(NamedTuple):
    """How many votes of others are on the same questions as those of one answer, and are equal."""

    matching: int
    compared: int


@dataclass(frozen=True, slots=True)
class BallotSummary:
    """What the answers to one item say together; nobody may change it.

    Attributes:
        values: the values by question and part, in the order of the answers.
        units: the same by question.
        source: where the consensus comes from.
        agreement: share of pairs of votes that are equal; None with fewer than two answers.
        disagreement: as in reviews, 0 to 1.
        matches: the votes of others that are equal to those of each answer.
    """

    values: Mapping[VoteQuestion, Sequence[VoteValue]]
    units: Units
    source: ConsensusSource
    agreement: float | None
    disagreement: float
    matches: Sequence[Matches]


@dataclass(slots=True)
class BallotSummaries:
    """Summaries of the items of one campaign with these scales; up to `limit` are kept."""

    scales: Scales
    limit: int = MAX_SUMMARIES
    _known: dict[Ballots, BallotSummary] = field(default_factory=dict)

    def summary_of(self, ballots: Ballots) -> BallotSummary:
        """Return the summary of an item with these answers."""
        found = self._known.get(ballots)
        if found is None:
            if len(self._known) >= self.limit:
                self._known.clear()
            found = self._known[ballots] = _summarize(ballots, self.scales)
        return found


def _summarize(ballots: Ballots, scales: Scales) -> BallotSummary:
    values = values_by_question(ballots)
    units: defaultdict[str, list[Sequence[VoteValue]]] = defaultdict(list)
    for question, given in values.items():
        units[question.question].append(given)
    return BallotSummary(
        values=values,
        units=dict(units),
        source=find_consensus(ballots, scales).source,
        agreement=_equal_share(ballots),
        disagreement=disagreement_of(ballots, scales),
        matches=[_matches_of(ballot, values) for ballot in ballots],
    )


def _matches_of(
    ballot: Sequence[Vote], values: Mapping[VoteQuestion, Sequence[VoteValue]]
) -> Matches:
    matching = compared = 0
    for vote in ballot:
        given = values[VoteQuestion(vote.question, vote.level, vote.part, vote.is_sided)]
        matching += given.count(vote.value) - 1
        compared += len(given) - 1
    return Matches(matching, compared)


def _equal_share(ballots: Ballots) -> float | None:
    """Return the share of pairs of votes on the same question that are equal."""
    equal = total = 0
    for values in values_by_question([main_votes(ballot) for ballot in ballots]).values():
        total += len(values) * (len(values) - 1)
        equal += sum(values.count(value) - 1 for value in values)
    return equal / total if total else None
