"""Shares of answers: how much of the weight of an item's votes each value has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias, cast

from bot.quality.votes import VoteValue

SAME = 1e-9
"""Two shares that differ by less are the same."""

Shares: TypeAlias = Mapping[VoteValue, float]
"""Share of each value; they add up to 1, or there are none."""

PointShares: TypeAlias = Mapping[float, float]
"""Share of each point on a scale."""

QuestionShares: TypeAlias = Mapping[tuple[str, str], Shares]
"""Shares by question and part, as in a `Vote`."""

ExpertVote: TypeAlias = tuple[str, VoteValue]
"""Pseudonym of an expert, and their answer to a question about an item."""


class ShareRule(Protocol):
    """A way to weigh the votes on one question about one item."""

    @property
    def most_probable_point(self) -> bool:
        """Return whether the point of a rating is the one with the largest share, or the median."""

    def shares(self, question: str, votes: Sequence[ExpertVote]) -> Shares:
        """Return the share of each value; empty if no vote has a weight."""


class EqualWeights:
    """Every vote counts the same."""

    most_probable_point = False

    def shares(self, question: str, votes: Sequence[ExpertVote]) -> Shares:  # noqa: ARG002 - the same for all questions
        """Return the share of each value."""
        sums: dict[VoteValue, float] = {}
        for _expert, value in votes:
            sums[value] = sums.get(value, 0.0) + 1.0
        return {value: total / len(votes) for value, total in sums.items()}


def largest_share(shares: Shares) -> VoteValue | None:
    """Return the value with the largest share, None if several have it or there are no shares."""
    top = max(shares.values(), default=0.0)
    values = [value for value, share in shares.items() if top - share < SAME]
    return values[0] if len(values) == 1 else None


def point_shares(shares: Shares) -> PointShares:
    """Return the shares of a question with points."""
    return cast("PointShares", shares)


def median_of(shares: PointShares) -> float:
    """Return the weighted median of points: the middle of two points that divide the weight."""
    total = 0.0
    points = sorted(point for point, share in shares.items() if share > 0)
    for point, following in zip(points, [*points[1:], points[-1]], strict=True):
        total += shares[point]
        if total > 0.5 + SAME:
            return point
        if total > 0.5 - SAME:
            return (point + following) / 2
    return points[-1]


def mean_of(shares: PointShares) -> float:
    """Return the weighted mean of points."""
    return sum(point * share for point, share in sorted(shares.items()))


def spread_of(shares: PointShares, middle: float) -> float:
    """Return the mean distance of points to a middle."""
    return sum(abs(point - middle) * share for point, share in sorted(shares.items()))
