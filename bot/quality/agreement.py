"""How much experts agree: in percent, and as Krippendorff's alpha with a bootstrap interval.

Alpha is 1 where everybody always agrees and 0 where they agree no more than chance would have it.
It takes any number of experts, values that are missing, and values of any level. The formulas are
those of Klaus Krippendorff, *Computing Krippendorff's Alpha-Reliability* (2011).

Units with the same values count the same, so they are kept as one profile and how often it comes:
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
"""How much of the resampled alphas the interval holds."""

MIN_UNITS = 5
"""Units below which an interval would only pretend to know."""

SEED = 2011
"""The same answers give the same interval, always."""

ValuePair: TypeAlias = tuple[int, int]
"""Two values, by their places in the sorted list of all; the smaller first."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How much experts agree on one question.

    Attributes:
        units: items that at least two experts answered; others say nothing about agreement.
        answers: how many answers they have.
        same: the share of pairs of answers that are the same, 0 to 1; None without any.
        alpha: Krippendorff's; None where there is nothing to compare, or all said the same always.
        low, high: between them alpha lies in 95 of 100 resamples; None with too few units.
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
    """The units of one question, counted as they stream by."""

    level: MeasurementLevel
    profiles: Counter[tuple[VoteValue, ...]] = field(default_factory=Counter)

    def add(self, values: Iterable[VoteValue]) -> None:
        """Count one unit: what each expert who answered said about one item, texts or numbers."""
        profile = tuple(sorted(values))
        if len(profile) > 1:
            self.profiles[profile] += 1

    def agreement(self, seed: int = SEED) -> Agreement:
        """Return how much the experts agree, with the interval of a bootstrap."""
        return _agreement_of_tally(self, seed)


def compute_agreement(
    units: Iterable[Iterable[VoteValue]], level: MeasurementLevel, seed: int = SEED
) -> Agreement:
    """Return how much experts agree, given what was said about each unit, in any order."""
    tally = Tally(level)
    for values in units:
        tally.add(values)
    return tally.agreement(seed)


def _agreement_of_tally(tally: Tally, seed: int) -> Agreement:
    if not tally.profiles:
        return NO_AGREEMENT
    table = _build_table(tally)
    times = list(tally.profiles.values())
    low, high = _bootstrap_interval(table, tally.level, times, seed)
    return Agreement(
        units=sum(times),
        answers=sum(len(profile) * n for profile, n in tally.profiles.items()),
        pairwise_agreement=_pairwise_agreement(table, times),
        alpha=_krippendorff_alpha(table, tally.level, times),
        low=low,
        high=high,
    )


@dataclass(frozen=True, slots=True)
class _CoincidenceTable:
    """What each profile adds: a column of the coincidence matrix each, ready to be weighed.

    `marginals` holds for each value how often each profile has it; `apart` for each two different
    values how often each profile pairs them, each value weighed by 1/(m - 1) of its m - 1 partners.
    """

    values: tuple[VoteValue, ...]
    marginals: Sequence[Sequence[float]]
    disagreements: Mapping[ValuePair, Sequence[float]]


def _build_table(tally: Tally) -> _CoincidenceTable:
    profiles = list(tally.profiles)
    values = sorted({value for profile in profiles for value in profile})
    place = {value: number for number, value in enumerate(values)}
    marginals = [[0.0] * len(profiles) for _ in values]
    disagreements: defaultdict[ValuePair, list[float]] = defaultdict(lambda: [0.0] * len(profiles))
    for column, profile in enumerate(profiles):
        counts = [(place[value], n) for value, n in Counter(profile).items()]
        for at, (one, n) in enumerate(counts):
            marginals[one][column] = n
            for other, k in counts[at + 1 :]:
                disagreements[one, other][column] = n * k / (len(profile) - 1)
    return _CoincidenceTable(tuple(values), marginals, dict(disagreements))


def _weighted_sum(column: Sequence[float], times: Sequence[int]) -> float:
    return float(sum(map(mul, column, times)))


def _pairwise_agreement(table: _CoincidenceTable, times: Sequence[int]) -> float:
    pairable = sum(_weighted_sum(column, times) for column in table.marginals)
    return (
        1
        - 2
        * sum(_weighted_sum(column, times) for column in table.disagreements.values())
        / pairable
    )


def _krippendorff_alpha(
    table: _CoincidenceTable, level: MeasurementLevel, times: Sequence[int]
) -> float | None:
    """Return alpha where each profile comes so many times; None where chance has no room."""
    marginals = [_weighted_sum(column, times) for column in table.marginals]
    distance = _DISTANCES[level](table.values, marginals)
    expected = sum(
        n * marginals[other] * distance(one, other)
        for one, n in enumerate(marginals)
        for other in range(one + 1, len(marginals))
    )
    if not expected:
        return None
    observed = sum(
        _weighted_sum(col, times) * distance(*pair) for pair, col in table.disagreements.items()
    )
    return 1 - (sum(marginals) - 1) * observed / expected


DistanceFunction: TypeAlias = Callable[[int, int], float]
"""The squared difference of two values, by their places, the smaller first."""


def _nominal_distance(
    _values: Sequence[VoteValue], _marginals: Sequence[float]
) -> DistanceFunction:
    return lambda _one, _other: 1.0


def _ordinal_distance(_values: Sequence[VoteValue], marginals: Sequence[float]) -> DistanceFunction:
    """Count the values that lie between two, half of each of the two among them."""
    below = [0.0, *accumulate(marginals)]
    middles = [(low + high) / 2 for low, high in pairwise(below)]
    return lambda one, other: (middles[other] - middles[one]) ** 2


def _interval_distance(
    values: Sequence[VoteValue], _marginals: Sequence[float]
) -> DistanceFunction:
    numbers = cast("Sequence[int]", values)
    return lambda one, other: float(numbers[other] - numbers[one]) ** 2


_DISTANCES: dict[
    MeasurementLevel, Callable[[Sequence[VoteValue], Sequence[float]], DistanceFunction]
] = {
    "nominal": _nominal_distance,
    "ordinal": _ordinal_distance,
    "interval": _interval_distance,
}


def _bootstrap_interval(
    table: _CoincidenceTable, level: MeasurementLevel, times: Sequence[int], seed: int
) -> tuple[float | None, float | None]:
    """Return the percentile interval of a bootstrap over units.

    Units are resampled, not single pairs of values as in Krippendorff's own bootstrap: the values
    of a unit belong together, and to take them for independent makes the interval too narrow.
    Instead of drawing as many units as there are, each profile gets a Poisson number of them (James
    A. Hanley and Brenda MacGibbon, *Creating non-parametric bootstrap samples using Poisson
    frequencies*, 2006), which is the same for all but the fewest units, and quick for many.
    """
    if sum(times) < MIN_UNITS:
        return None, None
    rng = Random(seed)  # noqa: S311 - resampling is no secret
    samples = zip(*(_poisson_numbers(rng, n) for n in times), strict=True)
    alphas = [_krippendorff_alpha(table, level, sample) for sample in samples]
    known = sorted(alpha for alpha in alphas if alpha is not None)
    if not known:
        return None, None
    tail = round(len(known) * (1 - CONFIDENCE) / 2)
    return known[tail], known[-1 - tail]


def _poisson_numbers(rng: Random, mean: int) -> list[int]:
    """Return a Poisson number for each resample, all from one table of its probabilities."""
    reach = 8 * sqrt(mean) + 8
    numbers = range(max(0, int(mean - reach)), int(mean + reach))
    probabilities = [exp(n * log(mean) - mean - lgamma(n + 1)) for n in numbers]
    return rng.choices(numbers, cum_weights=list(accumulate(probabilities)), k=RESAMPLES)
