"""Maximum likelihood strengths of models, and their covariance with items as clusters.

Ralph Bradley and Milton Terry, *Rank Analysis of Incomplete Block Designs* (1952): the odds that a
model is preferred to another are the ratio of the exponentials of their strengths. With ties and
rankings it is a conditional logit (Daniel McFadden, 1974), which Newton's method fits.

Only the command line and child processes import this module, because numpy is large.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.quality.ranking.choice_blocks import (
    ChoiceBlock,
    Numbers,
    centered_inverse,
    fit_parameters,
)
from bot.quality.ranking.contests import Choice, ContestProfile, choices_of

PRIOR_PRECISION = 1e-3
"""Precision of a normal prior around equal strengths. A model that always wins would otherwise have
an infinite strength; with a hundred answers the prior changes the fourth digit."""

PROFILES_AT_A_TIME = 5_000


@dataclass(frozen=True, slots=True)
class Strengths:
    """Strengths of models that contests connect.

    Attributes:
        models: the models.
        values: natural logarithms of the odds, with a mean of 0.
        tie_strength: Davidson's tie parameter as a logarithm; None without ties.
        covariance: from the items as clusters (Kung-Yee Liang and Scott Zeger, 1986).
        model_covariance: as if every answer was independent. It stays large where all answers
            agree, and the other one does not.
        items: number of items by model.
    """

    models: tuple[str, ...]
    values: Numbers
    tie_strength: float | None
    covariance: Numbers
    model_covariance: Numbers
    items: tuple[int, ...]


def fit_strengths(
    models: Sequence[str],
    profiles: Counter[ContestProfile],
    *,
    has_tie_outcome: bool = True,
    prior_precision: float = PRIOR_PRECISION,
) -> Strengths:
    """Return the strengths of connected models."""
    has_ties = has_tie_outcome and any(
        len(order) == 1
        for profile in profiles
        for order in profile
        if len(order[0]) == 2  # noqa: PLR2004 - a pair
    )
    contests = _Contests.build(models, profiles, has_ties=has_ties)
    parameters = fit_parameters(contests, prior_precision)
    size = len(models)
    bread = centered_inverse(contests, parameters, prior_precision)
    return Strengths(
        models=tuple(models),
        values=parameters[:size],
        tie_strength=float(parameters[size]) if has_ties else None,
        covariance=(bread @ contests.score_products(parameters) @ bread)[:size, :size],
        model_covariance=bread[:size, :size],
        items=_count_items(models, profiles),
    )


def _count_items(models: Sequence[str], profiles: Counter[ContestProfile]) -> tuple[int, ...]:
    items: Counter[str] = Counter()
    for profile, count in profiles.items():
        for model in {model for order in profile for place in order for model in place}:
            items[model] += count
    return tuple(items[model] for model in models)


@dataclass(frozen=True, slots=True)
class _Contests:
    """Distinct choices as numbers, and the choices of each profile.

    Attributes:
        block: the distinct choices, and how often each was made.
        entries: profile, choice and weight of each choice of each profile.
        frequencies: number of items by profile.
        models: number of models; a parameter for ties may follow.
    """

    block: ChoiceBlock
    entries: Numbers
    frequencies: Numbers
    models: int

    @property
    def size(self) -> int:
        """Return the number of parameters."""
        return int(self.block.features.shape[2])

    def blocks(self) -> Iterable[ChoiceBlock]:
        """Return all choices in one block."""
        return (self.block,)

    @classmethod
    def build(
        cls, models: Sequence[str], profiles: Counter[ContestProfile], *, has_ties: bool
    ) -> _Contests:
        rows: dict[Choice, int] = {}
        entries = [
            (number, rows.setdefault(choice, len(rows)), weight)
            for number, profile in enumerate(profiles)
            for order in profile
            for choice, weight in choices_of(order, has_tie_outcome=has_ties)
        ]
        frequencies = np.array(list(profiles.values()), dtype=float)
        table = np.array(entries, dtype=float)
        weights = np.zeros(len(rows))
        np.add.at(
            weights, table[:, 1].astype(int), table[:, 2] * frequencies[table[:, 0].astype(int)]
        )
        features, is_outcome = _features(list(rows), models, has_ties=has_ties)
        return cls(ChoiceBlock(features, is_outcome, weights), table, frequencies, len(models))

    def score_products(self, parameters: Numbers) -> Numbers:
        """Return the sum over items of the outer products of their gradients."""
        scores = self.block.scores(parameters)
        size, total = scores.shape[1], self.frequencies.sum()
        products = np.zeros((size, size))
        profile_of, choice_of = self.entries[:, 0].astype(int), self.entries[:, 1].astype(int)
        for start in range(0, len(self.frequencies), PROFILES_AT_A_TIME):
            first, last = np.searchsorted(profile_of, (start, start + PROFILES_AT_A_TIME))
            frequencies = self.frequencies[start : start + PROFILES_AT_A_TIME]
            item_scores = np.zeros((len(frequencies), size))
            weighted = self.entries[first:last, 2, None] * scores[choice_of[first:last]]
            np.add.at(item_scores, profile_of[first:last] - start, weighted)
            products += item_scores.T @ (frequencies[:, None] * item_scores)
        scaled: Numbers = products * total / max(total - 1, 1)
        return scaled


def _features(
    choices: Sequence[Choice], models: Sequence[str], *, has_ties: bool
) -> tuple[Numbers, NDArray[np.bool_]]:
    index_of = {model: index for index, model in enumerate(models)}
    longest = max(len(choice.outcomes) for choice in choices)
    features = np.zeros((len(choices), longest, len(models) + has_ties))
    is_outcome = np.zeros((len(choices), longest), dtype=bool)
    for row, choice in enumerate(choices):
        for column, outcome in enumerate(choice.outcomes):
            is_outcome[row, column] = True
            for model in outcome:
                features[row, column, index_of[model]] = 1 / len(outcome)
            if len(outcome) > 1:
                features[row, column, len(models)] = 1
    return features, is_outcome
