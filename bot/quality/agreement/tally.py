"""Counts the answers to one question, item by item, as all coefficients of agreement need them.

Items with the same values contribute equally, so they are stored once with their frequency: three
experts and five points make 35 profiles, however many items there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from bot.quality.votes import MeasurementLevel, VoteValue, mirror

Unit: TypeAlias = tuple[VoteValue, ...]
"""The sorted values that experts gave in one place, such as one pair of a ranking."""

CACHED_UNITS = 4096
"""Units whose mirror is kept: most campaigns have far fewer."""

Profile: TypeAlias = tuple[Unit, ...]
"""The sorted units of one item: one for most questions, one per pair for rankings."""


@dataclass(slots=True)
class Tally:
    """The answers to one question.

    Attributes:
        level: level of measurement of the values.
        is_sided: the values name sides, such as left and right, whose order means nothing.
            Every unit is counted once more with the sides exchanged, so that no coefficient depends
            on which side the file lists first.
        categories: the values that experts could give, if all are known. Gwet's coefficients
            depend on it; without it, only the values that somebody gave count.
        profiles: number of items by profile.
    """

    level: MeasurementLevel
    is_sided: bool = False
    categories: tuple[VoteValue, ...] = ()
    profiles: Counter[Profile] = field(default_factory=Counter)

    def add(self, units: Iterable[Iterable[VoteValue]]) -> None:
        """Count one item: for each of its units, the values that experts gave."""
        self.add_same(units, 1)

    def add_same(self, units: Iterable[Iterable[VoteValue]], items: int) -> None:
        """Count so many items with the same values."""
        profile = [self._canonical(values) for values in units]
        if any(profile):
            self.profiles[tuple(sorted(unit for unit in profile if unit))] += items

    def _canonical(self, values: Iterable[VoteValue]) -> Unit:
        unit = tuple(sorted(values))
        return min(unit, mirror_unit(unit)) if self.is_sided else unit


@lru_cache(maxsize=CACHED_UNITS)
def mirror_unit(unit: Unit) -> Unit:
    """Return the unit with the sides exchanged."""
    return tuple(sorted(mirror(value) for value in unit))
