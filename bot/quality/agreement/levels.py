"""Distances between values at each level of measurement (Krippendorff, 2011)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import TypeAlias, cast

from bot.quality.votes import MeasurementLevel, VoteValue

Distance: TypeAlias = Callable[[int, int], float]
"""Squared difference between two values, given by their indexes, the smaller first."""


def distance_at(
    level: MeasurementLevel, values: Sequence[VoteValue], marginals: Sequence[float]
) -> Distance:
    """Return the distance between sorted values; `marginals` says how often each was given."""
    return _DISTANCES[level](values, marginals)


def _nominal_distance(_values: Sequence[VoteValue], _marginals: Sequence[float]) -> Distance:
    return lambda _index, _other: 1.0


def _ordinal_distance(_values: Sequence[VoteValue], marginals: Sequence[float]) -> Distance:
    """Count the values between two values, plus half of each of the two."""
    cumulative = [0.0, *accumulate(marginals)]
    middles = [(low + high) / 2 for low, high in pairwise(cumulative)]
    return lambda index, other: (middles[other] - middles[index]) ** 2


def _interval_distance(values: Sequence[VoteValue], _marginals: Sequence[float]) -> Distance:
    numbers = cast("Sequence[float]", values)
    return lambda index, other: float(numbers[other] - numbers[index]) ** 2


def _ratio_distance(values: Sequence[VoteValue], _marginals: Sequence[float]) -> Distance:
    numbers = cast("Sequence[float]", values)
    return lambda index, other: (
        ((numbers[other] - numbers[index]) / (numbers[other] + numbers[index])) ** 2
    )


_DISTANCES: dict[MeasurementLevel, Callable[[Sequence[VoteValue], Sequence[float]], Distance]] = {
    "nominal": _nominal_distance,
    "ordinal": _ordinal_distance,
    "interval": _interval_distance,
    "ratio": _ratio_distance,
}
