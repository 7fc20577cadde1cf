"""Consensus: what the answers to an item say together, and how far they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import fmean, median, median_low
from typing import Literal, cast

from bot.quality.scales import Scales, tolerance_of
from bot.quality.votes import ORDER, Vote, VoteQuestion, VoteValue, main_votes, values_by_question

ConsensusSource = Literal["unanimous", "majority", "split", "single", "adjudicated"]
"""Where the answer to an item comes from.

Unanimous: all answers are the same. Majority: more than half are the same or, on a scale, they are
near their median. Split: neither. Single: only one expert answered, or the answers cannot agree, as
with written responses. Adjudicated: somebody decided.
"""

SINGLE: ConsensusSource = "single"

LEAST_CERTAIN_FIRST: tuple[ConsensusSource, ...] = ("split", "majority", "unanimous", "single")
"""The first of these found among an item's questions applies to the item."""


@dataclass(frozen=True, slots=True)
class Consensus:
    """The consensus of one item.

    Attributes:
        source: how far the answers agree.
        majority: what the majority says, by question; a question without a majority is missing.
        scales: the campaign's scales.
    """

    source: ConsensusSource
    majority: Mapping[VoteQuestion, VoteValue]
    scales: Scales

    def includes(self, ballot: Sequence[Vote]) -> bool:
        """Return whether an answer is with the majority on every question.

        The only answer to an item is; answers to an item without a majority are not.
        """
        return self.source == "single" or all(map(self._includes_vote, main_votes(ballot)))

    def _includes_vote(self, vote: Vote) -> bool:
        question = _question_of(vote)
        if question not in self.majority:
            return False
        distance = _points_apart(vote.value, self.majority[question])
        return distance <= tolerance_of(vote.question, self.scales)


def find_consensus(ballots: Sequence[Sequence[Vote]], scales: Scales) -> Consensus:
    """Return the consensus of an item, given each expert's votes.

    With several questions, the item takes the source of the least-agreed one. How much better a
    response is does not count. A ranking has a majority if each pair of candidates has one and no
    three of these majorities form a cycle.
    """
    if len(ballots) == 1:
        return Consensus(SINGLE, {}, scales)
    votes = [main_votes(ballot) for ballot in ballots]
    values = values_by_question(votes)
    sources = {question: _source_of(question, given, scales) for question, given in values.items()}
    majority = {
        question: _majority_of(question, given)
        for question, given in values.items()
        if sources[question] in ("unanimous", "majority")
    }
    if has_cycle(majority):
        return Consensus("split", {}, scales)
    found = set(sources.values())
    source = next((level for level in LEAST_CERTAIN_FIRST if level in found), SINGLE)
    return Consensus(source, majority, scales)


def _question_of(vote: Vote) -> VoteQuestion:
    return VoteQuestion(vote.question, vote.level, vote.part, vote.is_sided)


def _source_of(
    question: VoteQuestion, values: Sequence[VoteValue], scales: Scales
) -> ConsensusSource:
    if len(values) == 1:
        return "single"
    if len(set(values)) == 1:
        return "unanimous"
    if question.level == "nominal":
        return "majority" if has_majority(values) else "split"
    return _source_of_points(
        [cast("float", v) for v in values], tolerance_of(question.question, scales)
    )


def has_majority(values: Sequence[VoteValue]) -> bool:
    """Return whether more than half of the values are the same."""
    return 2 * max(Counter(values).values()) > len(values)


def _source_of_points(points: Sequence[float], tolerance: int) -> ConsensusSource:
    """Return the source of points that differ, from their mean distance to the median.

    It must be less than one point where answers may differ by a point, and less than half a point
    where they must be equal: for two values, that is more than half of the answers.
    """
    middle = median(points)
    distance = fmean(abs(point - middle) for point in points)
    return "majority" if distance < (1 if tolerance else 0.5) else "split"


def _majority_of(question: VoteQuestion, values: Sequence[VoteValue]) -> VoteValue:
    if question.level == "nominal":
        return Counter(values).most_common(1)[0][0]
    return median_low([cast("float", value) for value in values])


def _points_apart(value: VoteValue, other: VoteValue) -> float:
    if isinstance(value, str) or isinstance(other, str):
        return 0.0 if value == other else float("inf")
    return abs(value - other)


def has_cycle(majority: Mapping[VoteQuestion, VoteValue]) -> bool:
    """Return whether majorities on pairs of candidates contradict each other, as in A > B > C > A.

    A tie counts as “at least as good” in both directions; a cycle with one strict preference is a
    contradiction.
    """
    pairs = {
        _candidates_of(question): value
        for question, value in majority.items()
        if question.question == ORDER and question.is_sided
    }
    at_least = {pair for pair, value in pairs.items() if value != "right"}
    at_least |= {(second, first) for (first, second), value in pairs.items() if value != "left"}
    reachable = _transitive_closure(at_least)
    return any(
        (loser, winner) in reachable
        for (first, second), value in pairs.items()
        if value != "tie"
        for winner, loser in [(first, second) if value == "left" else (second, first)]
    )


def _candidates_of(question: VoteQuestion) -> tuple[int, int]:
    first, second = question.part.split("-")
    return int(first), int(second)


def _transitive_closure(relation: set[tuple[int, int]]) -> set[tuple[int, int]]:
    nodes = sorted({node for pair in relation for node in pair})
    closure = set(relation)
    for middle, first, last in product(nodes, repeat=3):
        if (first, middle) in closure and (middle, last) in closure:
            closure.add((first, last))
    return closure
