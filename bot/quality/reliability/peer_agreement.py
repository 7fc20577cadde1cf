"""Agreement of one expert with the others, and of everybody else without this expert.

Agreement is 1 - D / E. D is the mean distance between the expert's values and those of others on
the same items; E is the distance that they would have if the expert's values were exchanged between
items. 1 is perfect agreement, 0 is agreement by chance, and less is a contradiction. With nominal
values and one other expert it is Cohen's kappa (Jacob Cohen, *A Coefficient of Agreement for
Nominal Scales*, 1960).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from bot.quality.agreement.interval import (
    NO_ESTIMATE,
    Estimate,
    Ratio,
    WeightedItem,
    estimate,
    sum_contributions,
)
from bot.quality.agreement.krippendorff import alpha_ratio
from bot.quality.agreement.levels import distance_at
from bot.quality.agreement.table import PSEUDO_WEIGHTS, build_table, farthest_value
from bot.quality.agreement.tally import Tally
from bot.quality.ballots import CACHED_BALLOTS, ComparedBallot
from bot.quality.votes import VoteValue, mirror

OwnAndOthers: TypeAlias = tuple[VoteValue, tuple[VoteValue, ...]]
"""The expert's value, and the sorted values of the others."""

OwnProfile: TypeAlias = tuple[OwnAndOthers, ...]
"""One item: one pair for most questions, one for each pair of candidates in rankings."""


@dataclass(frozen=True, slots=True)
class PeerAgreement:
    """Agreement of an expert with the others on one question.

    Attributes:
        items: items that the expert and at least one other answered.
        agreement: agreement with the others, with a 95% interval.
        alpha_without: Krippendorff's alpha of all answers but those of the expert; None if it is
            undefined.
        alpha_change: how much the expert changes alpha: less than 0 lowers it.
    """

    items: int
    agreement: Estimate
    alpha_without: float | None
    alpha_change: float | None


@dataclass(slots=True)
class PeerAgreementCounter:
    """Counts how each expert answered beside the others.

    `profiles` has, by expert and question, how often each profile occurred.
    """

    profiles: dict[int, dict[str, Counter[OwnProfile]]] = field(default_factory=dict)

    def add(self, expert: int, ballot: ComparedBallot, answers: int = 1) -> None:
        """Count so many equal answers of an expert to items that others answered equally."""
        for question, profile in _profile_by_question(ballot).items():
            by_question = self.profiles.setdefault(expert, {})
            if question not in by_question:
                by_question[question] = Counter()
            by_question[question][profile] += answers

    def agreement_of(self, expert: int, question: str, tally: Tally) -> PeerAgreement:
        """Return the agreement of an expert on a question; `tally` has everybody's answers."""
        profiles = self.profiles.get(expert, {}).get(question, Counter())
        compared = {
            profile: count for profile, count in profiles.items() if any(o for _, o in profile)
        }
        without = _tally_without(tally, profiles)
        alpha, alpha_without = _alpha_of(tally), _alpha_of(without)
        return PeerAgreement(
            items=sum(compared.values()),
            agreement=_estimate_agreement(compared, tally),
            alpha_without=alpha_without,
            alpha_change=_difference(alpha, alpha_without),
        )


@lru_cache(maxsize=CACHED_BALLOTS)
def _profile_by_question(ballot: ComparedBallot) -> Mapping[str, OwnProfile]:
    units: defaultdict[str, list[OwnAndOthers]] = defaultdict(list)
    for vote in ballot.votes:
        units[vote.question].append((vote.value, tuple(ballot.others_on(vote))))
    return {question: tuple(sorted(found)) for question, found in units.items()}


def _difference(value: float | None, other: float | None) -> float | None:
    return None if value is None or other is None else value - other


def _tally_without(tally: Tally, profiles: Counter[OwnProfile]) -> Tally:
    """Return the tally without one expert's answers."""
    rest = Tally(tally.level, tally.is_sided, tally.categories, tally.profiles.copy())
    for profile, count in profiles.items():
        counted = Tally(tally.level, tally.is_sided)
        counted.add([[own, *others] for own, others in profile])
        for found in counted.profiles:
            rest.profiles[found] -= count
        reduced = Tally(tally.level, tally.is_sided)
        reduced.add([others for _, others in profile])
        for found in reduced.profiles:
            rest.profiles[found] += count
    rest.profiles = +rest.profiles
    return rest


def _alpha_of(tally: Tally) -> float | None:
    if not tally.profiles:
        return None
    table = build_table(tally)
    ratio = alpha_ratio(table)(sum_contributions(table.items))
    return None if ratio is None else 1 - ratio


def _estimate_agreement(compared: dict[OwnProfile, int], tally: Tally) -> Estimate:
    values = _values_of(compared, tally)
    if len(values) < 2:  # noqa: PLR2004 - one value has no distance to another
        return NO_ESTIMATE
    items = [
        WeightedItem(_contribution(profile, values, is_sided=tally.is_sided), count)
        for profile, count in compared.items()
    ]
    sums = sum_contributions(items)
    by_frequency = sorted(values, key=lambda value: -_frequency(values.index(value), sums, values))
    most, second = by_frequency[:2]
    if tally.level != "nominal":
        second = farthest_value(most, by_frequency)
    pairs = ((second, second), (most, most), (most, second))
    pseudo_items = [
        WeightedItem(_contribution(((own, (other,)),), values, is_sided=tally.is_sided), weight)
        for (own, other), weight in zip(pairs, PSEUDO_WEIGHTS, strict=True)
    ]
    return estimate(items, pseudo_items, _agreement_ratio(tally, values))


def _values_of(compared: Iterable[OwnProfile], tally: Tally) -> tuple[VoteValue, ...]:
    found = {value for profile in compared for own, others in profile for value in (own, *others)}
    if tally.is_sided:
        found |= {mirror(value) for value in found}
    return tuple(sorted(found))


def _contribution(
    profile: OwnProfile, values: Sequence[VoteValue], *, is_sided: bool
) -> tuple[float, ...]:
    """Return a matrix, row by row: how often the expert gave one value and others another."""
    size = len(values)
    matrix = [0.0] * (size * size)
    units = [unit for unit in profile if unit[1]]
    if is_sided:
        units += [(mirror(own), tuple(mirror(other) for other in rest)) for own, rest in units]
    for own, others in units:
        for other in others:
            matrix[values.index(own) * size + values.index(other)] += 1 / len(others)
    return tuple(matrix)


def _frequency(index: int, sums: Sequence[float], values: Sequence[VoteValue]) -> float:
    size = len(values)
    return sum(sums[index * size : (index + 1) * size]) + sum(sums[index::size])


def _agreement_ratio(tally: Tally, values: Sequence[VoteValue]) -> Ratio:
    """Return the function for the observed distance divided by that by chance."""
    size = len(values)

    def ratio(sums: Sequence[float]) -> float | None:
        own = [sum(sums[row * size : (row + 1) * size]) for row in range(size)]
        others = [sum(sums[column::size]) for column in range(size)]
        marginals = [a + b for a, b in zip(own, others, strict=True)]
        distance_of = distance_at(tally.level, values, marginals)
        observed = expected = 0.0
        for row, column in product(range(size), repeat=2):
            if row != column:
                distance = distance_of(min(row, column), max(row, column))
                observed += sums[row * size + column] * distance
                expected += own[row] * others[column] * distance
        return observed * sum(own) / expected if expected > 0 else None

    return ratio
