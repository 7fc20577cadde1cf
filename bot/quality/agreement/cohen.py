"""Cohen's kappa between two experts, plain or weighted.

Jacob Cohen, *A Coefficient of Agreement for Nominal Scales* (1960), and *Weighted Kappa* (1968).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias, cast

from bot.quality.agreement.interval import Estimate, Ratio, WeightedItem, estimate
from bot.quality.agreement.table import PSEUDO_WEIGHTS, farthest_value
from bot.quality.votes import VoteValue, mirror

Weighting = Literal["none", "linear", "quadratic"]
"""How disagreements count: all alike, by distance, or by squared distance of the values."""

Cell: TypeAlias = tuple[VoteValue, VoteValue]
"""A value of the first expert and one of the second."""

ItemCells: TypeAlias = tuple[Cell, ...]
"""The cells of one item: one for most questions, one per pair of responses for rankings."""


def cohen_kappa(
    items: Mapping[ItemCells, int],
    weighting: Weighting = "none",
    *,
    is_sided: bool = False,
    categories: Sequence[VoteValue] = (),
) -> Estimate:
    """Return the kappa of two experts.

    Args:
        items: how many items have these cells.
        weighting: how disagreements count; values must be numbers unless it is “none”.
        is_sided: count every item once more with the sides exchanged; see `Tally`.
        categories: the points of the scale, if they are known. They widen the interval of a
            weighted kappa, because a rare far value changes it much.
    """
    given = {
        value
        for cells in items
        for cell in _with_mirrors(cells, is_sided=is_sided)
        for value in cell
    }
    values = sorted({*given, *categories})
    position = {value: index for index, value in enumerate(values)}

    def item(cells: ItemCells, weight: float) -> WeightedItem:
        contribution = [0.0] * len(values) ** 2
        for first, second in _with_mirrors(cells, is_sided=is_sided):
            contribution[position[first] * len(values) + position[second]] += 1
        return WeightedItem(contribution, weight)

    return estimate(
        [item(cells, count) for cells, count in items.items() if count],
        [item((cell,), weight) for cell, weight in _pseudo_cells(items, weighting, values)],
        _kappa_ratio([_distance(a, b, weighting) for a in values for b in values], len(values)),
    )


def _with_mirrors(cells: ItemCells, *, is_sided: bool) -> ItemCells:
    return (*cells, *((mirror(a), mirror(b)) for a, b in cells)) if is_sided else cells


def _pseudo_cells(
    items: Mapping[ItemCells, int], weighting: Weighting, values: Sequence[VoteValue]
) -> list[tuple[Cell, float]]:
    """Return the pseudo items of the interval; the disagreement is split between the experts."""
    frequency: Counter[VoteValue] = Counter()
    for cells, count in items.items():
        for cell in cells:
            for value in cell:
                frequency[value] += count
    if len(frequency) < 2:  # noqa: PLR2004 - a disagreement needs two values
        return []
    (most, _), (second, _) = frequency.most_common(2)
    if weighting != "none":
        second = farthest_value(most, values)
    rare, frequent, between = PSEUDO_WEIGHTS
    return [
        ((second, second), rare),
        ((most, most), frequent),
        ((most, second), between / 2),
        ((second, most), between / 2),
    ]


def _distance(first: VoteValue, second: VoteValue, weighting: Weighting) -> float:
    if weighting == "none":
        return float(first != second)
    distance = abs(cast("float", first) - cast("float", second))
    return float(distance if weighting == "linear" else distance**2)


def _kappa_ratio(distances: Sequence[float], size: int) -> Ratio:
    def ratio(cells: Sequence[float]) -> float | None:
        total = sum(cells)
        rows = [sum(cells[row * size : (row + 1) * size]) for row in range(size)]
        columns = [sum(cells[column::size]) for column in range(size)]
        chance = [row * column / total for row in rows for column in columns]
        expected = sum(map(float.__mul__, distances, chance))
        observed = sum(map(float.__mul__, distances, map(float, cells)))
        return observed / expected if expected else None

    return ratio
