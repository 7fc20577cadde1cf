"""Ballots: the votes of an answer, alone and beside those of others on the same item.

A campaign with a million answers has few different ones. Equal ballots are one object, which is
hashed and compared by identity, so that they are counted quickly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from bot.kinds.label import Label, Ranking
from bot.quality.votes import Vote, VoteValue, votes_of

CACHED_BALLOTS = 16_384
"""Ballots, and combinations of ballots, that are kept. Equal ones are two objects if one was not
kept; then they are counted one after the other."""


@dataclass(frozen=True, slots=True, eq=False)
class Ballot:
    """The votes of an answer; `ranks` are the ranks of all candidates if it is a ranking."""

    votes: tuple[Vote, ...]
    ranks: tuple[int, ...] = ()


Ballots: TypeAlias = tuple[Ballot, ...]
"""The ballot of each answer to an item."""


@lru_cache(maxsize=CACHED_BALLOTS)
def ballot_with(votes: tuple[Vote, ...], ranks: tuple[int, ...] = ()) -> Ballot:
    """Return the ballot with these votes."""
    return Ballot(votes, ranks)


def ballot_of(label: Label) -> Ballot:
    """Return the ballot of a label."""
    return ballot_with(votes_of(label), label.ranks if isinstance(label, Ranking) else ())


class Matches(NamedTuple):
    """How many votes of others are on the same questions as those of one answer, and are equal."""

    matching: int
    compared: int


@dataclass(frozen=True, slots=True, eq=False)
class ComparedBallot:
    """The ballot of an answer, beside those of others on the same item.

    Attributes:
        votes: of the answer.
        others: the ballots of the others, in any order.
        gold: the votes of the known correct answer; empty if there is none.
        matches: the votes of others that are equal.
    """

    votes: tuple[Vote, ...]
    others: Ballots
    gold: tuple[Vote, ...]
    matches: Matches

    def others_on(self, vote: Vote) -> list[VoteValue]:
        """Return the sorted values of the others on the question of a vote."""
        return sorted(_values_on(vote, self.others))


@lru_cache(maxsize=CACHED_BALLOTS)
def compare_ballots(ballots: Ballots, gold: Ballot | None = None) -> tuple[ComparedBallot, ...]:
    """Return each answer to an item beside the others; `gold` is the known correct answer."""
    return tuple(
        [
            _compared_ballot(
                ballot, tuple(sorted((*ballots[:index], *ballots[index + 1 :]), key=id)), gold
            )
            for index, ballot in enumerate(ballots)
        ]
    )


@lru_cache(maxsize=CACHED_BALLOTS)
def _compared_ballot(ballot: Ballot, others: Ballots, gold: Ballot | None) -> ComparedBallot:
    matching = compared = 0
    for vote in ballot.votes:
        values = _values_on(vote, others)
        matching += values.count(vote.value)
        compared += len(values)
    return ComparedBallot(
        ballot.votes, others, gold.votes if gold else (), Matches(matching, compared)
    )


def _values_on(vote: Vote, others: Sequence[Ballot]) -> list[VoteValue]:
    asked = vote.question, vote.part
    return [
        other.value
        for ballot in others
        for other in ballot.votes
        if (other.question, other.part) == asked
    ]
