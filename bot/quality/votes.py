"""Votes: labels in statistical form, one vote per question that a label answers.

Statistics see votes and never kinds, as formats see labels and never kinds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Literal, NamedTuple, TypeAlias, assert_never

from bot.kinds.label import Demonstration, Label, Preference, Ranking, Rating, Verdict, Winner

MeasurementLevel = Literal["nominal", "ordinal", "interval", "ratio"]
"""How values are compared: as equal or not, by order, by distance, or by proportion."""

VoteValue: TypeAlias = str | int | float

WINNER = "winner"
STRENGTH = "strength"
ORDER = "order"
VERDICT = "verdict"

CRITERION_PREFIX = "criterion_"
"""Begins the question about a criterion of a comparison or ranking: a rating may have a criterion
of that name, which is another question."""

_OPPOSITE = {"left": "right", "right": "left"}


def mirror(value: VoteValue) -> VoteValue:
    """Return a value that names a side after the sides are exchanged."""
    return _OPPOSITE.get(value, value) if isinstance(value, str) else -value


class Vote(NamedTuple):
    """An expert's answer to one question about one item.

    `question` is the same for all items of a campaign; the caller has the expert and the item.
    `part` distinguishes repeated questions about one item, such as the pairs of a ranking.
    `is_sided`: the value names a side, left or right; which side a file lists first means nothing.
    """

    question: str
    level: MeasurementLevel
    value: VoteValue
    part: str = ""
    is_sided: bool = False


class VoteQuestion(NamedTuple):
    """A question, with its part, as asked once about one item."""

    question: str
    level: MeasurementLevel
    part: str
    is_sided: bool


def votes_of(label: Label) -> tuple[Vote, ...]:
    """Return the votes of a label; empty if the label cannot agree with another.

    A preference votes for the left or the right response in imported order, for a tie, or for both
    bad. If it has a strength, it also votes from -3 to 3; on each of its criteria it votes for a
    side or a tie. A rating has one vote per criterion. A ranking has one vote per pair of
    candidates in imported order, because items differ in the number of candidates; on each of its
    criteria it has the same.
    """
    match label:
        case Demonstration():
            return ()
        case Preference():
            return _preference_votes(label)
        case Ranking():
            return tuple(_ranking_votes(label))
        case Verdict():
            return (Vote(VERDICT, "nominal", label.verdict),)
        case Rating():
            return tuple([Vote(key, "ordinal", points) for key, points in label.scores])
    assert_never(label)


def _preference_votes(label: Preference) -> tuple[Vote, ...]:
    winner = Vote(WINNER, "nominal", label.winner, is_sided=True)
    strength = () if label.strength is None else (label.strength,)
    return (
        winner,
        *(Vote(STRENGTH, "ordinal", points, is_sided=True) for points in strength),
        *(
            Vote(f"{CRITERION_PREFIX}{key}", "nominal", side, is_sided=True)
            for key, side in label.criteria
        ),
    )


def _ranking_votes(label: Ranking) -> Iterator[Vote]:
    questions = ((f"{CRITERION_PREFIX}{key}", ranks) for key, ranks in label.criteria)
    for question, ranks in ((ORDER, label.ranks), *questions):
        for first, second in combinations(enumerate(ranks, start=1), 2):
            yield _ranking_vote(question, first, second)


def _ranking_vote(question: str, first: tuple[int, int], second: tuple[int, int]) -> Vote:
    """Return the vote on two candidates, each with its position and its rank."""
    (position, rank), (other, other_rank) = first, second
    winner: Winner = "tie" if rank == other_rank else "left" if rank < other_rank else "right"
    return Vote(question, "nominal", winner, f"{position}-{other}", is_sided=True)


def main_votes(ballot: Iterable[Vote]) -> list[Vote]:
    """Return the votes that decide an item.

    How much better a response is, or on which criteria, does not.
    """
    return [vote for vote in ballot if not vote.is_sided or vote.question in (WINNER, ORDER)]


def votes_without_strength(ballot: Iterable[Vote]) -> list[Vote]:
    """Return all votes except how much better a response is."""
    return [vote for vote in ballot if not (vote.question == STRENGTH and vote.is_sided)]


def values_by_question(ballots: Iterable[Iterable[Vote]]) -> dict[VoteQuestion, list[VoteValue]]:
    """Return the values for each question of one item, in the order of the ballots."""
    values: defaultdict[VoteQuestion, list[VoteValue]] = defaultdict(list)
    for ballot in ballots:
        for question, level, value, part, is_sided in ballot:
            values[VoteQuestion(question, level, part, is_sided)].append(value)
    return dict(values)
