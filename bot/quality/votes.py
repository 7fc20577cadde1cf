"""What a label is in statistics: a vote on each question that it answers.

Statistics see votes and never kinds, as formats see labels and never kinds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import Literal, NamedTuple, TypeAlias, assert_never

from bot.kinds.label import Demonstration, Label, Preference, Ranking, Rating, Verdict, Winner

MeasurementLevel = Literal["nominal", "ordinal", "interval"]
"""How values are compared: only same or not, by their order, or by their distance."""

VoteValue: TypeAlias = str | int

WINNER = "winner"


class Vote(NamedTuple):
    """What one expert says to one question about one item.

    `question` is the same for all items of a campaign; experts and items are known to the caller.
    `part` tells apart what is asked several times about one item, as of each pair of a ranking.
    """

    question: str
    level: MeasurementLevel
    value: VoteValue
    part: str = ""


class VoteQuestion(NamedTuple):
    """What is asked about one item, once."""

    question: str
    level: MeasurementLevel
    part: str


def votes_of(label: Label) -> tuple[Vote, ...]:
    """Return the votes in a label, none where there is nothing that two could agree on.

    A preference votes for the left or the right response in imported order, a tie, or both bad;
    how strongly is left aside. A rating has a vote for each criterion. A ranking has one for each
    pair of candidates in imported order: items differ in how many there are, pairs do not.
    """
    match label:
        case Demonstration():
            return ()
        case Preference():
            return (Vote(WINNER, "nominal", label.winner),)
        case Ranking():
            pairs = combinations(enumerate(label.ranks, start=1), 2)
            return tuple(_ranking_vote(*one, *other) for one, other in pairs)
        case Verdict():
            return (Vote("verdict", "nominal", label.verdict),)
        case Rating():
            return tuple([Vote(key, "ordinal", points) for key, points in label.scores])
    assert_never(label)


def _ranking_vote(position: int, rank: int, other_position: int, other_rank: int) -> Vote:
    winner: Winner = "tie" if rank == other_rank else "left" if rank < other_rank else "right"
    return Vote("order", "nominal", winner, f"{position}-{other_position}")


def values_by_question(ballots: Iterable[Iterable[Vote]]) -> dict[VoteQuestion, list[VoteValue]]:
    """Return what was said to each question of one item, in the order of the ballots."""
    found: defaultdict[tuple[str, MeasurementLevel, str], list[VoteValue]] = defaultdict(list)
    for ballot in ballots:
        for question, level, value, part in ballot:
            found[question, level, part].append(value)
    return {VoteQuestion(*asked): values for asked, values in found.items()}
