"""A tally as numbers: what each item contributes to the sums of the coefficients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import cast

from bot.quality.agreement.interval import WeightedItem
from bot.quality.agreement.tally import Profile, Tally, Unit, mirror_unit
from bot.quality.votes import MeasurementLevel, VoteValue

PSEUDO_WEIGHTS = (1.0, 0.5, 0.5)
"""Weights of the pseudo items: agreement on the second most frequent value, agreement on the most
frequent one, disagreement between the two."""

CACHED_CONTRIBUTIONS = 4096
"""Contributions that are kept: the tally without an expert has the same items for each of them."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over items, in the order in which a contribution has them.

    Attributes:
        marginals: how often each value occurs in units with at least two values.
        coincidences: for each pair of different values, how often it occurs within units, divided
            by m - 1 for the m values of the unit (Krippendorff's coincidence matrix).
        shares: for each value, its share of each unit's values, summed over units.
        pair_shares: for each pair of different values, its share of each unit's pairs, summed.
        pairable_units: number of units with at least two values.
        units: number of all units.
    """

    marginals: Sequence[float]
    coincidences: Sequence[float]
    shares: Sequence[float]
    pair_shares: Sequence[float]
    pairable_units: float
    units: float


@dataclass(frozen=True, slots=True)
class Table:
    """The answers to one question, as contributions of items.

    Attributes:
        level: level of measurement.
        values: the values that could be given, sorted; at least two.
        items: contributions with their frequencies.
        pseudo_items: what the interval adds.
    """

    level: MeasurementLevel
    values: tuple[VoteValue, ...]
    items: tuple[WeightedItem, ...]
    pseudo_items: tuple[WeightedItem, ...]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Return the indexes of each two different values, the smaller first."""
        return list(combinations(range(len(self.values)), 2))

    def split(self, sums: Sequence[float]) -> Sums:
        """Name the parts of a sum of contributions."""
        values, pairs = len(self.values), len(self.pairs)
        marginals, coincidences = sums[:values], sums[values : values + pairs]
        rest = sums[values + pairs : -2]
        return Sums(marginals, coincidences, rest[:values], rest[values:], sums[-2], sums[-1])


def build_table(tally: Tally) -> Table:
    """Return the table of a tally."""
    frequency = _count_values(tally)
    values = _sorted_categories({*frequency, *tally.categories})
    return Table(
        level=tally.level,
        values=values,
        items=tuple(
            WeightedItem(_contribution(_counted_units(tally, profile), values), count)
            for profile, count in tally.profiles.items()
        ),
        pseudo_items=tuple(_pseudo_items(tally, frequency, values)),
    )


def _sorted_categories(given: set[VoteValue]) -> tuple[VoteValue, ...]:
    """Return the categories in order. A single value gets a second category that nobody chose."""
    if len(given) == 1:
        (value,) = given
        given = {value, f"not {value}" if isinstance(value, str) else value + 1}
    return tuple(sorted(given))


def _counted_units(tally: Tally, profile: Profile) -> tuple[Unit, ...]:
    return (*profile, *(mirror_unit(unit) for unit in profile)) if tally.is_sided else profile


def _count_values(tally: Tally) -> Counter[VoteValue]:
    frequency: Counter[VoteValue] = Counter()
    for profile, count in tally.profiles.items():
        for unit in _counted_units(tally, profile):
            for value in unit:
                frequency[value] += count
    return frequency


def _pseudo_items(
    tally: Tally, frequency: Counter[VoteValue], values: tuple[VoteValue, ...]
) -> Iterable[WeightedItem]:
    by_frequency = sorted(values, key=lambda value: -frequency[value])
    most, second = by_frequency[:2]
    if tally.level != "nominal":
        second = farthest_value(most, by_frequency)
    for unit, weight in zip(
        ((second, second), (most, most), (most, second)), PSEUDO_WEIGHTS, strict=True
    ):
        yield WeightedItem(_contribution(_counted_units(tally, (unit,)), values), weight)


def farthest_value(value: VoteValue, values: Iterable[VoteValue]) -> VoteValue:
    """Return the value with the largest distance to another one."""
    return max(values, key=lambda other: abs(cast("float", other) - cast("float", value)))


@lru_cache(maxsize=CACHED_CONTRIBUTIONS)
def _contribution(units: Profile, values: tuple[VoteValue, ...]) -> tuple[float, ...]:
    size, index_of = len(values), {value: index for index, value in enumerate(values)}
    position = {pair: index for index, pair in enumerate(combinations(range(size), 2))}
    marginals, shares = [0.0] * size, [0.0] * size
    coincidences, pair_shares = [0.0] * len(position), [0.0] * len(position)
    pairable_units = 0
    for unit in units:
        counts = sorted((index_of[value], count) for value, count in Counter(unit).items())
        for index, count in counts:
            shares[index] += count / len(unit)
        if len(unit) == 1:
            continue
        pairable_units += 1
        for index, count in counts:
            marginals[index] += count
        for (index, count), (other, other_count) in combinations(counts, 2):
            found = count * other_count / (len(unit) - 1)
            coincidences[position[index, other]] += found
            pair_shares[position[index, other]] += 2 * found / len(unit)
    return (
        *marginals,
        *coincidences,
        *shares,
        *pair_shares,
        float(pairable_units),
        float(len(units)),
    )
