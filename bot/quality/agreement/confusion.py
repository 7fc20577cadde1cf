"""Which values experts give to the same item: the coincidence matrix (Krippendorff, 2011)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

from bot.quality.agreement.tally import Tally, mirror_unit
from bot.quality.votes import VoteValue


@dataclass(frozen=True, slots=True)
class Confusion:
    """Pairs of answers to the same item.

    Attributes:
        values: the values that somebody gave, sorted.
        counts: by the value of one expert and of another, how often the two were given to the same
            item. A unit with m values counts m times; the matrix is symmetric.
    """

    values: tuple[VoteValue, ...]
    counts: tuple[tuple[float, ...], ...]

    def shares(self) -> list[list[float | None]]:
        """Return for each value how often other experts gave each value; None without any."""
        return [
            [count / total if (total := sum(row)) else None for count in row] for row in self.counts
        ]


def confusion_of(tally: Tally) -> Confusion:
    """Return the confusion of all counted items. Sides are counted in both orders."""
    found: defaultdict[tuple[VoteValue, VoteValue], float] = defaultdict(float)
    values: set[VoteValue] = set()
    for profile, count in tally.profiles.items():
        for unit in profile:
            for one in (unit, mirror_unit(unit)) if tally.is_sided else (unit,):
                values.update(one)
                _count_pairs(found, one, count)
    ordered = _sort(values)
    return Confusion(tuple(ordered), tuple(tuple(found[a, b] for b in ordered) for a in ordered))


def _count_pairs(
    found: defaultdict[tuple[VoteValue, VoteValue], float],
    unit: Sequence[VoteValue],
    count: int,
) -> None:
    for pair in permutations(unit, 2):
        found[pair] += count / (len(unit) - 1)


def _sort(values: set[VoteValue]) -> list[VoteValue]:
    """Return the values in order; a question has either texts or numbers."""
    return sorted(values)
