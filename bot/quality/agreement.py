"""Agreement between experts: pairwise, and Krippendorff's alpha with a bootstrap interval.

Alpha is 1 for perfect agreement and 0 for agreement at chance level. It accepts any number of
experts, missing values, and nominal, ordinal or interval values. The formulas are those of Klaus
Krippendorff, *Computing Krippendorff's Alpha-Reliability* (2011).

Units with the same values contribute equally, so they are stored as one profile with its frequency:
three experts and five points make 35 profiles, however many items there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from math import exp, lgamma, log, sqrt
from operator import mul
from random import Random
from typing import TypeAlias, cast

from bot.quality.votes import MeasurementLevel, VoteValue

RESAMPLES = 1_000
CONFIDENCE = 0.95
"""Share of the resampled alphas that lie within the interval."""

MIN_UNITS = 5
"""Minimum units for an interval; with fewer it would claim too much."""

SEED = 2011
"""Fixed seed, so that the same answers always give the same interval."""

ValuePair: TypeAlias = tuple[int, int]
"""Indexes of two values in the sorted list of all values, the smaller first."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement between experts on one question.

    Attributes:
        units: items answered by at least two experts; others say nothing about agreement.
        answers: number of answers to these items.
        pairwise_agreement: share of answer pairs that are equal, 0 to 1; None without pairs.
        alpha: Krippendorff's alpha; None without pairs, or if all answers are the same.
        low, high: 95% bootstrap interval of alpha; None with too few units.
    """

    units: int
    answers: int
    pairwise_agreement: float | None
    alpha: float | None
    low: float | None
    high: float | None


NO_AGREEMENT = Agreement(0, 0, None, None, None, None)


@dataclass(slots=True)
class Tally:
    """The units of one question, counted one by one."""

    level: MeasurementLevel
    profiles: Counter[tuple[VoteValue, ...]] = field(default_factory=Counter)

    def add(self, values: Iterable[VoteValue]) -> None:
        """Count one unit: the values, strings or numbers, that experts gave for one item."""
        profile = tuple(sorted(values))
        if len(profile) > 1:
            self.profiles[profile] += 1

    def agreement(self, seed: int = SEED) -> Agreement:
        """Return the agreement of all units, with a bootstrap interval."""
        return _agreement_of_tally(self, seed)


def _agreement_of_tally(tally: Tally, seed: int) -> Agreement:
    if not tally.profiles:
        return NO_AGREEMENT
    table = _build_table(tally)
    frequencies = list(tally.profiles.values())
    low, high = _bootstrap_interval(table, tally.level, frequencies, seed)
    return Agreement(
        units=sum(frequencies),
        answers=sum(len(profile) * n for profile, n in tally.profiles.items()),
        pairwise_agreement=_pairwise_agreement(table, frequencies),
        alpha=_krippendorff_alpha(table, tally.level, frequencies),
        low=low,
        high=high,
    )


@dataclass(frozen=True, slots=True)
class _CoincidenceTable:
    """Each profile's contribution to the coincidence matrix, before weighting by frequency.

    `marginals` holds for each value how often each profile contains it. `disagreements` holds for
    each pair of different values how often each profile pairs them, divided by m - 1 for m values
    in the profile.
    """

    values: tuple[VoteValue, ...]
    marginals: Sequence[Sequence[float]]
    disagreements: Mapping[ValuePair, Sequence[float]]


def _build_table(tally: Tally) -> _CoincidenceTable:
    profiles = list(tally.profiles)
    values = sorted({value for profile in profiles for value in profile})
    index_of = {value: index for index, value in enumerate(values)}
    marginals = [[0.0] * len(profiles) for _ in values]
    disagreements: defaultdict[ValuePair, list[float]] = defaultdict(lambda: [0.0] * len(profiles))
    for column, profile in enumerate(profiles):
        counts = [(index_of[value], count) for value, count in Counter(profile).items()]
        for position, (index, count) in enumerate(counts):
            marginals[index][column] = count
            for other, other_count in counts[position + 1 :]:
                disagreements[index, other][column] = count * other_count / (len(profile) - 1)
    return _CoincidenceTable(tuple(values), marginals, dict(disagreements))


def _weighted_sum(column: Sequence[float], frequencies: Sequence[int]) -> float:
    return float(sum(map(mul, column, frequencies)))


def _pairwise_agreement(table: _CoincidenceTable, frequencies: Sequence[int]) -> float:
    pairable = sum(_weighted_sum(column, frequencies) for column in table.marginals)
    different = sum(_weighted_sum(column, frequencies) for column in table.disagreements.values())
    return 1 - 2 * different / pairable


def _krippendorff_alpha(
    table: _CoincidenceTable, level: MeasurementLevel, frequencies: Sequence[int]
) -> float | None:
    """Return alpha for profiles with these frequencies; None if no disagreement is expected."""
    marginals = [_weighted_sum(column, frequencies) for column in table.marginals]
    distance = _DISTANCES[level](table.values, marginals)
    expected = sum(
        count * marginals[other] * distance(index, other)
        for index, count in enumerate(marginals)
        for other in range(index + 1, len(marginals))
    )
    if not expected:
        return None
    observed = sum(
        _weighted_sum(column, frequencies) * distance(*pair)
        for pair, column in table.disagreements.items()
    )
    return 1 - (sum(marginals) - 1) * observed / expected


DistanceFunction: TypeAlias = Callable[[int, int], float]
"""Squared difference between two values, given by their indexes, the smaller first."""


def _nominal_distance(
    _values: Sequence[VoteValue], _marginals: Sequence[float]
) -> DistanceFunction:
    return lambda _index, _other: 1.0


def _ordinal_distance(_values: Sequence[VoteValue], marginals: Sequence[float]) -> DistanceFunction:
    """Count the values between two values, plus half of each of the two (Krippendorff, 2011)."""
    cumulative = [0.0, *accumulate(marginals)]
    middles = [(low + high) / 2 for low, high in pairwise(cumulative)]
    return lambda index, other: (middles[other] - middles[index]) ** 2


def _interval_distance(
    values: Sequence[VoteValue], _marginals: Sequence[float]
) -> DistanceFunction:
    numbers = cast("Sequence[int]", values)
    return lambda index, other: float(numbers[other] - numbers[index]) ** 2


_DISTANCES: dict[
    MeasurementLevel, Callable[[Sequence[VoteValue], Sequence[float]], DistanceFunction]
] = {
    "nominal": _nominal_distance,
    "ordinal": _ordinal_distance,
    "interval": _interval_distance,
}


def _bootstrap_interval(
    table: _CoincidenceTable, level: MeasurementLevel, frequencies: Sequence[int], seed: int
) -> tuple[float | None, float | None]:
    """Return the percentile interval of a bootstrap over units.

    Units are resampled, not pairs of values as in Krippendorff's own bootstrap: the values of a
    unit depend on each other, and treating them as independent makes the interval too narrow.
    Instead of drawing as many units as there are, each profile gets a Poisson-distributed frequency
    (James A. Hanley and Brenda MacGibbon, *Creating non-parametric bootstrap samples using Poisson
    frequencies*, 2006). This is equivalent except for very few units, and fast for many.
    """
    if sum(frequencies) < MIN_UNITS:
        return None, None
    rng = Random(seed)  # noqa: S311 - not for cryptography
    samples = zip(*(_poisson_numbers(rng, count) for count in frequencies), strict=True)
    resampled = [_krippendorff_alpha(table, level, sample) for sample in samples]
    alphas = sorted(alpha for alpha in resampled if alpha is not None)
    if not alphas:
        return None, None
    tail = round(len(alphas) * (1 - CONFIDENCE) / 2)
    return alphas[tail], alphas[-1 - tail]


def _poisson_numbers(rng: Random, mean: int) -> list[int]:
    """Return a Poisson-distributed number for each resample, from one table of probabilities."""
    reach = 8 * sqrt(mean) + 8
    numbers = range(max(0, int(mean - reach)), int(mean + reach))
    probabilities = [exp(n * log(mean) - mean - lgamma(n + 1)) for n in numbers]
    return rng.choices(numbers, cum_weights=list(accumulate(probabilities)), k=RESAMPLES)
