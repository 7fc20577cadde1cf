"""What a label is in statistics: a vote on each question that it answers.

Statistics see votes and never kinds, as formats see labels and never kinds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias, assert_never

from bot.kinds.label import Demonstration, Label, Preference, Ranking, Rating, Verdict

Level = Literal["nominal", "ordinal", "interval"]
"""How values are compared: only same or not, by their order, or by their distance."""

Value: TypeAlias = str | int

WINNER = "winner"


class Vote(NamedTuple):
    """What one expert says to one question about one item.

    `question` is the same for all items of a campaign; experts and items are known to the caller.
    """

    question: str
    level: Level
    value: Value


def votes_of(label: Label) -> tuple[Vote, ...]:
    """Return the votes in a label, none where there is nothing that two could agree on.

    A preference votes for the left or the right response in imported order, a tie, or both bad;
    how strongly is left aside. A rating has a vote for each criterion, a ranking one for the rank
    of each candidate in imported order.
    """
    match label:
        case Demonstration():
            return ()
        case Preference():
            return (Vote(WINNER, "nominal", label.winner),)
        case Ranking():
            ranks = enumerate(label.ranks, start=1)
            return tuple(Vote(f"rank_{place}", "ordinal", rank) for place, rank in ranks)
        case Verdict():
            return (Vote("verdict", "nominal", label.verdict),)
        case Rating():
            return tuple([Vote(key, "ordinal", points) for key, points in label.scores])
    assert_never(label)


def by_question(ballots: Iterable[Iterable[Vote]]) -> dict[tuple[str, Level], list[Value]]:
    """Return what was said to each question of one item, in the order of the ballots."""
    found: defaultdict[tuple[str, Level], list[Value]] = defaultdict(list)
    for ballot in ballots:
        for question, level, value in ballot:
            found[question, level].append(value)
    return dict(found)
