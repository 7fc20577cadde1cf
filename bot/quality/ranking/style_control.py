"""Strengths of models that are controlled for the style of their responses.

The strength of a response is that of its model plus `effect * x` for each feature of its style, in
one fit (LMArena's style control, see `style.py`). For the feature f of one of m responses to an
item, `x = m / 2 * f / (sum of f over the item's responses) / scale`. Of a pair, the difference of x
is LMArena's (f_A - f_B) / (f_A + f_B), in standard deviations. If no response has the feature, all
x are equal.

Only the command line and child processes import this module, because numpy is large.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.quality.ranking.choice_blocks import (
    ChoiceBlock,
    Numbers,
    centered_inverse,
    fit_parameters,
)
from bot.quality.ranking.contests import Choice, ContestProfile, choices_of
from bot.quality.ranking.strengths import PRIOR_PRECISION, Strengths
from bot.quality.ranking.style import Style
from bot.quality.ranking.style_tally import StyleTally, models_of

Integers: TypeAlias = NDArray[np.integer[Any]]

CHOICES_AT_A_TIME = 4_096

MAX_KEPT_BLOCKS = 8
"""Blocks that are computed once; with 60 models they take 50 MB."""

NO_RESPONSE = -1
"""Fills the places of a choice with fewer outcomes than others."""

MIN_SPREAD = 1e-6
"""Features in which the responses to an item never differ more than this have no effect."""


@dataclass(frozen=True, slots=True)
class StyleFit:
    """The result of a fit with style.

    Attributes:
        strengths: the controlled strengths.
        items: number of items.
        features: the features in which responses differ.
        effects: by feature, the logarithm of the odds for a response that has more of it by one
            standard deviation of the difference between two responses.
        covariance: that of the effects, with items as clusters.
        model_covariance: that of the effects, as if every answer was independent.
    """

    strengths: Strengths
    items: int
    features: tuple[str, ...]
    effects: Numbers
    covariance: Numbers
    model_covariance: Numbers


def fit_with_style(
    strengths_by_model: Mapping[str, float],
    tally: StyleTally,
    prior_precision: float = PRIOR_PRECISION,
) -> StyleFit | None:
    """Return the strengths of connected models; None if no item or no feature can tell any.

    Args:
        strengths_by_model: the strengths without style, from which the search starts.
        tally: the contests with styles.
        prior_precision: of the prior of strengths and effects.
    """
    models = sorted(strengths_by_model)
    contests = _StyledContests.build(models, tally)
    if contests is None or not contests.features:
        return None
    start = np.zeros(contests.size)
    start[: len(models)] = [strengths_by_model[model] for model in models]
    parameters = fit_parameters(contests, prior_precision, start)
    bread = centered_inverse(contests, parameters, prior_precision)
    covariance = bread @ contests.score_products(parameters) @ bread
    size, style = len(models), slice(contests.size - len(contests.features), None)
    strengths = Strengths(
        models=tuple(models),
        values=parameters[:size],
        tie_strength=float(parameters[size]) if contests.has_ties else None,
        covariance=covariance[:size, :size],
        model_covariance=bread[:size, :size],
        items=contests.items_by_model(),
    )
    return StyleFit(
        strengths=strengths,
        items=contests.count_items(),
        features=contests.features,
        effects=parameters[style],
        covariance=covariance[style, style],
        model_covariance=bread[style, style],
    )


class _ProfileChoice(NamedTuple):
    """A choice of a profile: for each outcome, the positions of its one or two models."""

    positions: tuple[tuple[int, int], ...]
    weight: float


@dataclass(frozen=True, slots=True)
class _StyledContests:
    """Choices between responses, each response a row.

    Attributes:
        styles: by response and feature, the values x.
        model_of: the model of each response, by number.
        rows: by choice, outcome and one of two: the response; a tie has two different ones.
        weights, items: by choice.
        models: number of models.
        features: names of the features.
        has_ties: a parameter for ties follows the strengths.
        kept: the blocks that stay in memory.
    """

    styles: Numbers
    model_of: Integers
    rows: Integers
    weights: Numbers
    items: Integers
    models: int
    features: tuple[str, ...]
    has_ties: bool
    kept: list[ChoiceBlock] = field(default_factory=list)

    @classmethod
    def build(cls, models: Sequence[str], tally: StyleTally) -> _StyledContests | None:
        number_of = {model: number for number, model in enumerate(models)}
        parts = [
            (part, names, _relative_styles(profile, numbers))
            for profile, numbers in tally.styles.items()
            if (part := _part_of(profile, number_of)) and (names := models_of(profile))
        ]
        if not parts:
            return None
        has_ties = any(
            len(order) == 1 and len(order[0]) == 2  # noqa: PLR2004 - a tied pair
            for part, _, _ in parts
            for order in part
        )
        styles, features = _standardize([values for _, _, values in parts])
        rows, weights, items, row, item = [], [], [], 0, 0
        for part, names, values in parts:
            count, width = values.shape[:2]
            starts = row + width * np.arange(count)
            for choice in _choices(part, names, has_ties=has_ties):
                rows.append((starts, choice.positions))
                weights.append(np.full(count, choice.weight))
                items.append(item + np.arange(count))
            row, item = row + width * count, item + count
        order = np.argsort(np.concatenate(items), kind="stable")
        return cls(
            styles=styles,
            model_of=_model_numbers(parts, number_of),
            rows=_stack_rows(rows)[order],
            weights=np.concatenate(weights)[order],
            items=np.concatenate(items)[order],
            models=len(models),
            features=features,
            has_ties=has_ties,
        )

    @property
    def size(self) -> int:
        """Return the number of parameters."""
        return self.models + self.has_ties + len(self.features)

    def blocks(self) -> Iterator[ChoiceBlock]:
        """Yield blocks that contain items as a whole. The first blocks stay in memory."""
        for number, part in enumerate(self._slices()):
            if number < len(self.kept):
                yield self.kept[number]
                continue
            block = self._block(part)
            if number < MAX_KEPT_BLOCKS:
                self.kept.append(block)
            yield block

    def _slices(self) -> Iterator[slice]:
        start, total = 0, len(self.items)
        while start < total:
            end = min(start + CHOICES_AT_A_TIME, total)
            end = int(np.searchsorted(self.items, self.items[end - 1], side="right"))
            yield slice(start, end)
            start = end

    def _block(self, part: slice) -> ChoiceBlock:
        rows = self.rows[part]
        count, longest = rows.shape[:2]
        features = np.zeros((count, longest, self.size))
        choice, outcome = np.arange(count)[:, None], np.arange(longest)[None, :]
        for one in (0, 1):
            features[choice, outcome, self.model_of[rows[:, :, one]]] += 0.5
        if self.has_ties:
            features[:, :, self.models] = rows[:, :, 0] != rows[:, :, 1]
        features[:, :, self.size - len(self.features) :] = self.styles[rows].mean(axis=2)
        is_outcome = rows[:, :, 0] != NO_RESPONSE
        features[~is_outcome] = 0
        return ChoiceBlock(features, is_outcome, self.weights[part])

    def score_products(self, parameters: Numbers) -> Numbers:
        """Return the sum over items of the outer products of their gradients."""
        products, total = np.zeros((self.size, self.size)), 0
        for part in self._slices():
            block, items = self._block(part), self.items[part]
            starts = np.flatnonzero(np.diff(items, prepend=-1))
            weighted = block.weights[:, None] * block.scores(parameters)
            item_scores = np.add.reduceat(weighted, starts, axis=0)
            products += item_scores.T @ item_scores
            total += len(starts)
        scaled: Numbers = products * total / max(total - 1, 1)
        return scaled

    def items_by_model(self) -> tuple[int, ...]:
        """Return the number of items in which each model was in a contest."""
        is_given = np.zeros(len(self.model_of), dtype=bool)
        is_given[self.rows[self.rows != NO_RESPONSE]] = True
        counts = np.bincount(self.model_of[is_given], minlength=self.models)
        return tuple(int(count) for count in counts)

    def count_items(self) -> int:
        """Return the number of items with a choice. Choices are sorted by item."""
        return int(np.count_nonzero(np.diff(self.items, prepend=-1)))


def _part_of(profile: ContestProfile, number_of: Mapping[str, int]) -> ContestProfile:
    """Return the orders of a profile that are between these models."""
    return tuple(order for order in profile if order[0][0] in number_of)


def _relative_styles(profile: ContestProfile, numbers: Sequence[float]) -> Numbers:
    """Return by item, response and feature: its share of the item's total, times half of m."""
    width = len(models_of(profile))
    values = np.array(numbers, dtype=float).reshape(-1, width, len(Style._fields))
    total = values.sum(axis=1, keepdims=True)
    shares: Numbers = np.where(total > 0, values / np.where(total > 0, total, 1), 1 / width)
    return shares * width / 2


def _standardize(values: Sequence[Numbers]) -> tuple[Numbers, tuple[str, ...]]:
    """Return the styles of all responses in standard deviations, without constant features."""
    spreads = np.concatenate([2 * value.var(axis=1, ddof=1) for value in values])
    scales = np.sqrt(spreads.mean(axis=0))
    used = np.flatnonzero(scales > MIN_SPREAD)
    flat = np.concatenate([value.reshape(-1, value.shape[2]) for value in values])
    return flat[:, used] / scales[used], tuple(Style._fields[index] for index in used)


def _choices(
    part: ContestProfile, names: Sequence[str], *, has_ties: bool
) -> Iterator[_ProfileChoice]:
    position = {name: index for index, name in enumerate(names)}

    def positions_of(choice: Choice) -> tuple[tuple[int, int], ...]:
        return tuple((position[one[0]], position[one[-1]]) for one in choice.outcomes)

    for order in part:
        for choice, weight in choices_of(order, has_tie_outcome=has_ties):
            yield _ProfileChoice(positions_of(choice), weight)


def _stack_rows(rows: Sequence[tuple[Integers, tuple[tuple[int, int], ...]]]) -> Integers:
    longest = max(len(positions) for _, positions in rows)
    stacked = np.full((sum(len(starts) for starts, _ in rows), longest, 2), NO_RESPONSE)
    first = 0
    for starts, positions in rows:
        last = first + len(starts)
        stacked[first:last, : len(positions)] = starts[:, None, None] + np.array(positions)
        first = last
    return stacked


def _model_numbers(
    parts: Sequence[tuple[ContestProfile, Sequence[str], Numbers]], number_of: Mapping[str, int]
) -> Integers:
    """Return the number of each response's model; 0 for a model of another group."""
    return np.concatenate(
        [
            np.tile([number_of.get(name, 0) for name in names], len(values))
            for _, names, values in parts
        ]
    )
