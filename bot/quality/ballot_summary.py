"""What the answers to one item say together, found once for items with the same answers.

A campaign with a million answers has few different combinations of votes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.quality.ballots import Ballots, ComparedBallot, compare_ballots
from bot.quality.consensus import ConsensusSource, find_consensus
from bot.quality.disagreement import disagreement_of
from bot.quality.scales import Scales
from bot.quality.votes import Vote, VoteQuestion, VoteValue, main_votes, values_by_question

MAX_SUMMARIES = 20_000
"""Summaries that are kept: a few megabytes. Rankings and many criteria have more combinations."""

Units = Mapping[str, Sequence[Sequence[VoteValue]]]
"""The values that experts gave, by question and for each of its parts."""


@dataclass(frozen=True, slots=True)
class BallotSummary:
    """What the answers to one item say together; nobody may change it.

    Attributes:
        values: the values by question and part, in the order of the answers.
        units: the same by question.
        source: where the consensus comes from.
        agreement: share of pairs of votes that are equal; None with fewer than two answers.
        disagreement: as in reviews, 0 to 1.
        ballots: each answer beside the others.
    """

    values: Mapping[VoteQuestion, Sequence[VoteValue]]
    units: Units
    source: ConsensusSource
    agreement: float | None
    disagreement: float
    ballots: Sequence[ComparedBallot]

    @property
    def equal_share(self) -> float | None:
        """Return the share of pairs of votes that are equal, on all questions; None without any."""
        compared = sum(ballot.matches.compared for ballot in self.ballots)
        matching = sum(ballot.matches.matching for ballot in self.ballots)
        return matching / compared if compared else None


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
    votes = [ballot.votes for ballot in ballots]
    values = values_by_question(votes)
    units: defaultdict[str, list[Sequence[VoteValue]]] = defaultdict(list)
    for question, given in values.items():
        units[question.question].append(given)
    return BallotSummary(
        values=values,
        units=dict(units),
        source=find_consensus(votes, scales).source,
        agreement=_main_share(votes),
        disagreement=disagreement_of(votes, scales),
        ballots=compare_ballots(ballots),
    )


def _main_share(ballots: Sequence[Sequence[Vote]]) -> float | None:
    """Return the share of pairs of main votes on the same question that are equal."""
    equal = total = 0
    for values in values_by_question([main_votes(ballot) for ballot in ballots]).values():
        total += len(values) * (len(values) - 1)
        equal += sum(values.count(value) - 1 for value in values)
    return equal / total if total else None
