"""Cohen's kappa between two experts, plain or weighted.

Jacob Cohen, *A Coefficient of Agreement for Nominal Scales* (1960), and *Weighted Kappa* (1968).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal, cast

from bot.quality.agreement.interval import Estimate, Ratio, WeightedItem, estimate
from bot.quality.agreement.table import PSEUDO_WEIGHTS, farthest_value
from bot.quality.votes import VoteValue, mirror

Weighting = Literal["none", "linear", "quadratic"]
"""How disagreements count: all alike, by distance, or by squared distance of the values."""


def cohen_kappa(
    counts: Mapping[tuple[VoteValue, VoteValue], int],
    weighting: Weighting = "none",
    *,
    is_sided: bool = False,
) -> Estimate:
    """Return the kappa of two experts.

    Args:
        counts: how many items got a value from the first expert and a value from the second.
        weighting: how disagreements count; values must be numbers unless it is “none”.
        is_sided: count every item once more with the sides exchanged; see `Tally`.
    """
    values = sorted({value for cell in _cells(counts, is_sided) for value in cell})
    position = {value: index for index, value in enumerate(values)}

    def item(cell: tuple[VoteValue, VoteValue], weight: float) -> WeightedItem:
        cells = _cells([cell], is_sided)
        contribution = [0.0] * len(values) ** 2
        for first, second in cells:
            contribution[position[first] * len(values) + position[second]] += 1
        return WeightedItem(contribution, weight)

    return estimate(
        [item(cell, count) for cell, count in counts.items() if count],
        [item(cell, weight) for cell, weight in _pseudo_cells(counts, weighting)],
        _kappa_ratio([_distance(a, b, weighting) for a in values for b in values], len(values)),
    )


def _cells(
    cells: Mapping[tuple[VoteValue, VoteValue], int] | Sequence[tuple[VoteValue, VoteValue]],
    is_sided: bool,  # noqa: FBT001 - the caller passes its own keyword on
) -> list[tuple[VoteValue, VoteValue]]:
    mirrored = [(mirror(a), mirror(b)) for a, b in cells] if is_sided else []
    return [*cells, *mirrored]


def _pseudo_cells(
    counts: Mapping[tuple[VoteValue, VoteValue], int], weighting: Weighting
) -> list[tuple[tuple[VoteValue, VoteValue], float]]:
    """Return the pseudo items of the interval; the disagreement is split between the experts."""
    frequency: Counter[VoteValue] = Counter()
    for cell, count in counts.items():
        for value in cell:
            frequency[value] += count
    if len(frequency) < 2:  # noqa: PLR2004 - a disagreement needs two values
        return []
    (most, _), (second, _) = frequency.most_common(2)
    if weighting != "none":
        second = farthest_value(most, frequency)
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
