"""Weights of experts by how far they agree with the others, corrected for chance."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from bot.quality.aggregation.shares import ExpertVote, Shares
from bot.quality.votes import Vote, VoteValue, main_votes, mirror

MIN_COMPARED = 10
"""Votes of others from which an expert has a weight of their own."""

QuestionKey = tuple[str, bool]
"""A question, and whether its values name sides."""


@dataclass(slots=True)
class _QuestionCounts:
    """Votes of one expert on one question and the others' votes on the same items."""

    own: Counter[VoteValue] = field(default_factory=Counter)
    others: Counter[VoteValue] = field(default_factory=Counter)
    compared: int = 0
    distance: float = 0.0

    def add(self, value: VoteValue, others: Iterable[VoteValue], *, is_sided: bool) -> None:
        values = list(others)
        self.compared += len(values)
        self.distance += sum(_distance(value, other) for other in values)
        for seen in (value, mirror(value)) if is_sided else (value,):
            self.own[seen] += len(values)
        self.others.update(values)
        if is_sided:
            self.others.update(map(mirror, values))

    def chance_distance(self) -> float:
        """Return the distance that the same votes would have if they were paired at random."""
        total = sum(
            own * other * _distance(value, seen)
            for value, own in self.own.items()
            for seen, other in self.others.items()
        )
        return total / self.others.total() * self.compared / self.own.total()


@dataclass(slots=True)
class ReliabilityTally:
    """Compares each expert with the others, item by item.

    The reliability of an expert is 1 - Do / De. Do is the sum of the distances between their votes
    and those of the others on the same items; De is the sum that the same votes would have if they
    were paired at random. Distances are 0 or 1 for classes, and points on a scale. So it is Cohen's
    kappa (linear weights) with everybody else, 1 for full agreement and 0 for chance. The votes of
    the expert are never compared with themselves (leave-one-out). Where sides have no meaning, each
    vote also counts mirrored by chance, so that the order of the responses in the file does not
    matter.
    """

    counts: defaultdict[int, defaultdict[QuestionKey, _QuestionCounts]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(_QuestionCounts))
    )

    def add(self, ballots: Mapping[int, Sequence[Vote]]) -> None:
        """Count the answers to one item, by expert."""
        questions: defaultdict[tuple[str, str, bool], list[tuple[int, VoteValue]]] = defaultdict(
            list
        )
        for expert, ballot in ballots.items():
            for vote in main_votes(ballot):
                key = (vote.question, vote.part, vote.is_sided)
                questions[key].append((expert, vote.value))
        for (question, _part, is_sided), given in questions.items():
            for expert, value in given:
                others = [other for person, other in given if person != expert]
                self.counts[expert][question, is_sided].add(value, others, is_sided=is_sided)

    def weights(self) -> dict[int, float]:
        """Return the weight of each expert: their reliability, at least 0.

        An expert with fewer than `MIN_COMPARED` compared votes has the mean weight of those with
        more, or 1 if there are none.
        """
        known = {
            expert: max(0.0, reliability)
            for expert, questions in self.counts.items()
            if (reliability := _reliability(questions.values())) is not None
        }
        usual = fmean(sorted(known.values())) if known else 1.0
        return {expert: known.get(expert, usual) for expert in self.counts}


def _reliability(questions: Iterable[_QuestionCounts]) -> float | None:
    counts = [question for question in questions if question.compared]
    if sum(question.compared for question in counts) < MIN_COMPARED:
        return None
    expected = sum(question.chance_distance() for question in counts)
    observed = sum(question.distance for question in counts)
    if not expected:  # everybody always gives the same answer
        return 1.0
    return 1 - observed / expected


def _distance(value: VoteValue, other: VoteValue) -> float:
    if isinstance(value, str) or isinstance(other, str):
        return float(value != other)
    return abs(value - other)


@dataclass(frozen=True, slots=True)
class ReliabilityWeights:
    """Votes count as much as their expert is reliable; `weights` are by pseudonym."""

    weights: Mapping[str, float]
    most_probable_point: bool = False

    def shares(self, question: str, votes: Sequence[ExpertVote]) -> Shares:  # noqa: ARG002 - the same for all questions
        """Return the share of each value; empty if no expert has a positive weight."""
        sums: defaultdict[VoteValue, float] = defaultdict(float)
        for expert, value in votes:
            sums[value] += self.weights.get(expert, 1.0)
        total = sum(sums.values())
        return {value: weight / total for value, weight in sums.items()} if total else {}
