"""The leaderboard: models with strengths, intervals and possible ranks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from statistics import NormalDist

from bot.quality.agreement.interval import MIN_ITEMS, student_quantile
from bot.quality.ranking.contests import ContestProfile, ContestTally, connected_groups
from bot.quality.ranking.strengths import Strengths, fit_strengths
from bot.quality.ranking.style_control import StyleFit, fit_with_style
from bot.quality.ranking.style_tally import StyleTally

TAIL = 0.025
"""Probability outside each end of a 95% interval."""

MIN_DEGREES = 10
"""Degrees of freedom of a model with few items."""


MIN_STYLE_ITEMS = 100
"""Minimum items of a group for strengths that are controlled for style."""


@dataclass(frozen=True, slots=True)
class ControlledStrength:
    """The strength of a model, controlled for the style of its responses; as in `RankedModel`."""

    strength: float
    low: float | None
    high: float | None
    rank_low: int | None
    rank_high: int | None


@dataclass(frozen=True, slots=True)
class StyleEffect:
    """How much a feature of style is preferred in a group of models.

    Attributes:
        group: number of the group.
        feature: a field of `Style`.
        effect: natural logarithm of the odds for a response that has more of the feature, by one
            standard deviation of the difference between two responses to an item.
        low, high: the 95% interval.
    """

    group: int
    feature: str
    effect: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RankedModel:
    """A model of a leaderboard.

    Attributes:
        name: the name of the model.
        group: number of the group from 1; models of different groups cannot be compared.
        strength: natural logarithm of the odds against the mean of the group; None if there is no
            contest with another model.
        low, high: the 95% interval of the strength; None if there are too few items.
        rank_low, rank_high: the best and the worst rank in the group that the answers allow, with
            95% confidence; None if there are too few items.
        items: items in which the model was in a contest.
        both_bad: answers by which the model and its opponent are both bad.
        style_controlled: the strength without what style explains; None if there are too few items
            or the responses do not differ in style.
    """

    name: str
    group: int | None
    strength: float | None
    low: float | None
    high: float | None
    rank_low: int | None
    rank_high: int | None
    items: int
    both_bad: int
    style_controlled: ControlledStrength | None = None


def build_leaderboard(tally: ContestTally) -> list[RankedModel]:
    """Return all models by group and strength, the strongest first."""
    ranked: list[RankedModel] = []
    groups = connected_groups(tally.profiles)
    group_of = {model: number for number, group in enumerate(groups) for model in group}
    profiles: list[Counter[ContestProfile]] = [Counter() for _ in groups]
    for profile, count in tally.profiles.items():
        for number in {group_of[order[0][0]] for order in profile}:
            part = tuple(order for order in profile if group_of[order[0][0]] == number)
            profiles[number][part] += count
    for number, group in enumerate(groups):
        ranked += _rank_group(number + 1, fit_strengths(group, profiles[number]), tally)
    ranked += [
        RankedModel(model, None, None, None, None, None, None, 0, tally.both_bad[model])
        for model in sorted(set(tally.both_bad) - set(group_of))
    ]
    return ranked


def _rank_group(number: int, strengths: Strengths, tally: ContestTally) -> list[RankedModel]:
    order = sorted(range(len(strengths.models)), key=lambda index: -strengths.values[index])
    return [_ranked_model(number, strengths, index, tally) for index in order]


def _ranked_model(
    number: int, strengths: Strengths, index: int, tally: ContestTally
) -> RankedModel:
    name, found = strengths.models[index], _strength_of(strengths, index)
    return RankedModel(
        name=name,
        group=number,
        strength=found.strength,
        low=found.low,
        high=found.high,
        rank_low=found.rank_low,
        rank_high=found.rank_high,
        items=strengths.items[index],
        both_bad=tally.both_bad[name],
    )


def _strength_of(strengths: Strengths, index: int) -> ControlledStrength:
    """Return a strength, with its interval and possible ranks if there are enough items."""
    value = float(strengths.values[index])
    if min(strengths.items) < MIN_ITEMS:
        return ControlledStrength(value, None, None, None, None)
    margin = _margin(strengths, index, None, TAIL)
    return ControlledStrength(
        value, value - margin, value + margin, *_possible_ranks(strengths, index)
    )


def control_style(
    ranked: Sequence[RankedModel], tally: StyleTally
) -> tuple[list[RankedModel], list[StyleEffect]]:
    """Return the models with their strengths controlled for style, and the effects of style."""
    found: dict[str, ControlledStrength] = {}
    effects: list[StyleEffect] = []
    for group in sorted({model.group for model in ranked if model.group is not None}):
        strengths = {m.name: m.strength or 0.0 for m in ranked if m.group == group}
        fit = fit_with_style(strengths, tally)
        if fit is None or fit.items < MIN_STYLE_ITEMS or min(fit.strengths.items) < MIN_ITEMS:
            continue
        for index, name in enumerate(fit.strengths.models):
            found[name] = _strength_of(fit.strengths, index)
        effects += _style_effects(group, fit)
    controlled = [replace(model, style_controlled=found.get(model.name)) for model in ranked]
    return controlled, effects


def _style_effects(group: int, fit: StyleFit) -> Iterator[StyleEffect]:
    for index, feature in enumerate(fit.features):
        variance = max(fit.covariance[index, index], fit.model_covariance[index, index])
        margin = student_quantile(fit.items - 1, NormalDist().inv_cdf(1 - TAIL)) * sqrt(variance)
        effect = float(fit.effects[index])
        yield StyleEffect(group, feature, effect, effect - margin, effect + margin)


def _possible_ranks(strengths: Strengths, index: int) -> tuple[int, int]:
    """Return the best and the worst rank, from the differences to all other models.

    Carlo Bonferroni's correction makes all these differences hold at once, so that the true rank is
    between the two in at least 95% of campaigns.
    """
    others = [other for other in range(len(strengths.models)) if other != index]
    better = worse = 0
    for other in others:
        difference = strengths.values[other] - strengths.values[index]
        margin = _margin(strengths, index, other, TAIL / len(others))
        better += bool(difference > margin)
        worse += bool(difference < -margin)
    return 1 + better, len(strengths.models) - worse


def _margin(strengths: Strengths, index: int, other: int | None, tail: float) -> float:
    """Return the margin of a strength, or of the difference to another model."""
    indexes = [index] if other is None else [index, other]
    degrees = max(min(strengths.items[i] for i in indexes) - 1, MIN_DEGREES)
    variance = max(
        float(sum(covariance[i][j] * (1 if i == j else -1) for i in indexes for j in indexes))
        for covariance in (strengths.covariance, strengths.model_covariance)
    )
    quantile = student_quantile(degrees, NormalDist().inv_cdf(1 - tail))
    return quantile * sqrt(max(variance, 0.0))


def is_separable(ranked: Sequence[RankedModel], group: int) -> bool:
    """Return whether the answers say of at least one model of the group that it is not the best."""
    return any(model.rank_low != 1 for model in ranked if model.group == group and model.rank_low)
