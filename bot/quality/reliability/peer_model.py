"""A model of careful answers to one question, fitted to the answers of everybody but one expert.

Each item has a true value. A careful expert gives a value at distance d from it with a probability
proportional to exp(-c d), and a small share of answers by chance. The distance is 0 or 1 between
categories, and the number of points on a scale. With one concentration c for each expert it is a
model of Philip Dawid and Allan Skene, *Maximum Likelihood Estimation of Observer Error-Rates*
(1979).

The others have the concentration that fits their answers best. That of the expert is not known:
careful experts are not equally good, and the best fit to few answers is often wrong. So it has
probabilities, which the expert's own answers change (`peer_comparison.py`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from math import exp, log
from typing import TypeAlias, cast

from bot.quality.reliability.peer_pairs import Pair, pairs_of_item
from bot.quality.votes import MeasurementLevel, VoteValue, mirror

CARELESS_SHARE = 0.04
"""Share of answers that careful experts give by chance: slips, and items that they misread."""

STEP = 1.25
"""Ratio of two neighboring concentrations."""

CONCENTRATIONS = tuple(0.1 * STEP**step for step in range(20))
"""Concentrations to choose from: almost by chance to almost always equal."""

SPREAD = 0.2
"""Standard deviation, between careful experts, of the natural logarithm of the concentration."""

PAIR_WEIGHT = 0.7
"""Weight of a pair of answers in the probabilities of concentrations: the pairs of an item are not
independent of each other."""

MIN_PROBABILITY = 0.002
"""Concentrations of an expert that are less probable are left out."""

MIN_PEER_PAIRS = 25
"""Pairs of answers by others to one item before an expert is compared with them."""

QUANTILES = 20
"""Parts of equal probability into which the concentration of the others is divided."""

Matrix: TypeAlias = tuple[tuple[float, ...], ...]


@dataclass(slots=True)
class PeerTally:
    """Counts the answers to one question.

    Attributes:
        level: level of measurement of the values.
        is_sided: the values name sides, whose order means nothing.
        categories: the values that experts could give, if all are known.
        values: how often each value was given.
        pairs: how often two experts gave these values to one item.
    """

    level: MeasurementLevel
    is_sided: bool = False
    categories: tuple[VoteValue, ...] = ()
    values: Counter[VoteValue] = field(default_factory=Counter)
    pairs: Counter[Pair] = field(default_factory=Counter)

    def add(self, values: Sequence[VoteValue], items: int) -> None:
        """Count the answers to so many items, each of which got these values."""
        for value in values:
            self.values[value] += items
        for pair, count in pairs_of_item(tuple(values)):
            self.pairs[pair] += count * items

    def reverse(self, value: VoteValue, values: Sequence[VoteValue]) -> VoteValue | None:
        """Return the value that means the opposite, None if no value does.

        Args:
            value: the value to reverse.
            values: all values, sorted.
        """
        if self.is_sided:
            opposite: VoteValue | None = mirror(value)
        elif self.level != "nominal":
            opposite = cast("float", values[0]) + cast("float", values[-1]) - cast("float", value)
        else:
            opposite = values[values[0] == value] if len(values) == 2 else None  # noqa: PLR2004 - one of two
        return opposite if opposite in values else None


@dataclass(frozen=True, slots=True)
class PeerFamily:
    """The models of one question, one for each concentration.

    Attributes:
        values: the values that could be given, sorted.
        marginals: how often each is given, smoothed.
        kernels: by concentration, the probability of each value given each true one.
        pair_logs: by concentration, the log probability of each pair of answers.
    """

    values: tuple[VoteValue, ...]
    marginals: tuple[float, ...]
    kernels: tuple[Matrix, ...]
    pair_logs: tuple[Mapping[Pair, float], ...]


@dataclass(frozen=True, slots=True)
class PeerModel:
    """The model that fits the answers of the others.

    Attributes:
        values: the values that could be given, sorted.
        marginals: how often each is given.
        kernel: the probability of each value (second index) given each true one (first index) in
            the answers of the others.
        kernels: the same for each possible concentration of the expert.
        probabilities: of these concentrations, before the first answer of the expert.
        quantile_kernels: kernels of the others that are equally probable, from little agreement to
            much: how much they agree is known only roughly.
    """

    values: tuple[VoteValue, ...]
    marginals: tuple[float, ...]
    kernel: Matrix
    kernels: tuple[Matrix, ...]
    probabilities: tuple[float, ...]
    quantile_kernels: tuple[Matrix, ...]

    def truths(
        self, kernel: Matrix, others: Sequence[VoteValue], truth: VoteValue | None
    ) -> tuple[float, ...]:
        """Return the probability of each true value of an item.

        Args:
            kernel: that of the others.
            others: what others answered.
            truth: the known correct answer of a gold question; it makes the others irrelevant.
        """
        if truth is not None and truth in self.values:
            return tuple(float(value == truth) for value in self.values)
        weights = list(self.marginals)
        for other in others:
            index = self.values.index(other)
            weights = [weight * row[index] for weight, row in zip(weights, kernel, strict=True)]
        total = sum(weights)
        return tuple(weight / total for weight in weights)


def build_family(tally: PeerTally) -> PeerFamily | None:
    """Return the models of a question, or None if there is only one value."""
    values = tuple(sorted({*tally.values, *tally.categories}))
    if len(values) < 2:  # noqa: PLR2004 - one value says nothing about anybody
        return None
    return _family_of(tally.level, values, _smoothed_marginals(tally, values))


@lru_cache(maxsize=64)
def _family_of(
    level: MeasurementLevel, values: tuple[VoteValue, ...], marginals: tuple[float, ...]
) -> PeerFamily:
    kernels = tuple(_build_kernel(exact, marginals) for exact in _exact_kernels(level, values))
    pair_logs = tuple(_log_pair_probabilities(values, marginals, kernel) for kernel in kernels)
    return PeerFamily(values, marginals, kernels, pair_logs)


def fit_model(family: PeerFamily, tally: PeerTally, own: Counter[Pair]) -> PeerModel | None:
    """Return the most likely model of the answers of all others, or None if there are too few.

    Args:
        family: the models of the question.
        tally: the answers to the question.
        own: the pairs with an answer of the expert.
    """
    pairs = tally.pairs - own
    if pairs.total() < MIN_PEER_PAIRS:
        return None
    likelihoods = [
        sum(count * logs[pair] for pair, count in pairs.items()) for logs in family.pair_logs
    ]
    best = max(range(len(likelihoods)), key=likelihoods.__getitem__)
    weights = [exp(PAIR_WEIGHT * (one - likelihoods[best])) for one in likelihoods]
    probabilities = _concentrations_of_expert(weights)
    return PeerModel(
        family.values,
        family.marginals,
        family.kernels[best],
        tuple(family.kernels[index] for index in probabilities),
        tuple(probabilities.values()),
        tuple(family.kernels[index] for index in _quantiles(weights)),
    )


def _quantiles(weights: Sequence[float]) -> Iterator[int]:
    """Return the index in the middle of each of the `QUANTILES` parts, in increasing order."""
    sums = list(accumulate(weights))
    for part in range(QUANTILES):
        yield bisect_left(sums, (part + 0.5) / QUANTILES * sums[-1])


def _concentrations_of_expert(weights: Sequence[float]) -> dict[int, float]:
    """Return the probabilities of an expert's concentration, by index.

    Args:
        weights: how well each concentration fits the answers of the others.
    """
    spread = _spread_of_experts()
    sums = [sum(map(float.__mul__, weights, row)) for row in spread]
    total = sum(sums)
    probable = {i: one / total for i, one in enumerate(sums) if one >= MIN_PROBABILITY * total}
    kept = sum(probable.values())
    return {index: one / kept for index, one in probable.items()}


@lru_cache(maxsize=1)
def _spread_of_experts() -> Matrix:
    """Return the density of an expert's concentration for each one of the others."""
    deviation = SPREAD / log(STEP)
    size = range(len(CONCENTRATIONS))
    return tuple(tuple(exp(-(((i - j) / deviation) ** 2) / 2) for j in size) for i in size)


def _smoothed_marginals(tally: PeerTally, values: Sequence[VoteValue]) -> tuple[float, ...]:
    counts = [tally.values[value] + 1.0 for value in values]
    if tally.is_sided:
        counts = [
            count + tally.values[mirror(value)] + 1.0
            for value, count in zip(values, counts, strict=True)
        ]
    total = sum(counts)
    return tuple(count / total for count in counts)


def _build_kernel(exact: Matrix, marginals: Sequence[float]) -> Matrix:
    by_chance = [CARELESS_SHARE * marginal for marginal in marginals]
    return tuple(
        tuple((1 - CARELESS_SHARE) * p + chance for p, chance in zip(row, by_chance, strict=True))
        for row in exact
    )


@lru_cache(maxsize=256)
def _exact_kernels(level: MeasurementLevel, values: tuple[VoteValue, ...]) -> tuple[Matrix, ...]:
    """Return the kernels of experts without answers by chance, by concentration."""
    return tuple(
        tuple(_exact_row(level, values, truth, concentration) for truth in values)
        for concentration in CONCENTRATIONS
    )


def _exact_row(
    level: MeasurementLevel, values: Sequence[VoteValue], truth: VoteValue, concentration: float
) -> tuple[float, ...]:
    weights = [exp(-concentration * _distance(level, value, truth)) for value in values]
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def _distance(level: MeasurementLevel, value: VoteValue, truth: VoteValue) -> float:
    if level == "nominal":
        return float(value != truth)
    return abs(cast("float", value) - cast("float", truth))


def _log_pair_probabilities(
    values: Sequence[VoteValue], marginals: Sequence[float], kernel: Matrix
) -> dict[Pair, float]:
    return {
        (first, second): log(
            sum(
                marginal * row[index] * row[other]
                for marginal, row in zip(marginals, kernel, strict=True)
            )
        )
        for index, first in enumerate(values)
        for other, second in enumerate(values)
        if index <= other
    }
