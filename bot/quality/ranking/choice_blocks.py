"""Conditional logit (Daniel McFadden, 1974): choices as numbers, fitted with Newton's method.

Only the command line and child processes import this module, because numpy is large.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.floating[Any]]

MAX_STEPS = 100
TOLERANCE = 1e-8
"""Newton's method ends with a step of this size: the next one would be about its square."""

ROUNDING = 1e-12
"""A likelihood that falls by this share of it, or less, did not fall: the sums are rounded."""


class Derivatives(NamedTuple):
    """A log likelihood, its gradient, and its negative second derivative."""

    likelihood: float
    gradient: Numbers
    information: Numbers


@dataclass(frozen=True, slots=True)
class ChoiceBlock:
    """Choices that are in memory at the same time.

    Attributes:
        features: by choice, outcome and parameter; the first outcome was chosen.
        is_outcome: whether a choice has so many outcomes.
        weights: how often each choice was made.
    """

    features: Numbers
    is_outcome: NDArray[np.bool_]
    weights: Numbers

    def probabilities(self, parameters: Numbers) -> Numbers:
        """Return the probability of each outcome of each choice."""
        utilities = np.where(self.is_outcome, self.features @ parameters, -np.inf)
        odds = np.exp(utilities - utilities.max(axis=1, keepdims=True))
        probabilities: Numbers = odds / odds.sum(axis=1, keepdims=True)
        return probabilities

    def scores(self, parameters: Numbers) -> Numbers:
        """Return the gradient of the log likelihood of each choice."""
        expected = np.einsum("co,cop->cp", self.probabilities(parameters), self.features)
        scores: Numbers = self.features[:, 0] - expected
        return scores

    def derivatives(self, parameters: Numbers) -> Derivatives:
        """Return the log likelihood of all choices and its derivatives."""
        probabilities = self.probabilities(parameters)
        chosen = np.log(np.maximum(probabilities[:, 0], np.finfo(float).tiny))
        expected = np.einsum("co,cop->cp", probabilities, self.features)
        roots = np.sqrt(self.weights[:, None] * probabilities)
        rows = (roots[:, :, None] * self.features).reshape(-1, self.features.shape[2])
        return Derivatives(
            float(self.weights @ chosen),
            self.weights @ (self.features[:, 0] - expected),
            rows.T @ rows - expected.T @ (self.weights[:, None] * expected),
        )


class Choices(Protocol):
    """All choices, block by block."""

    @property
    def models(self) -> int:
        """Return the number of models; their parameters come first."""

    @property
    def size(self) -> int:
        """Return the number of parameters."""

    def blocks(self) -> Iterable[ChoiceBlock]:
        """Return the blocks."""


def fit_parameters(
    choices: Choices, prior_precision: float, start: Numbers | None = None
) -> Numbers:
    """Return the parameters with the highest penalized likelihood."""
    parameters: Numbers = np.zeros(choices.size) if start is None else start
    best = derivatives_of(choices, parameters, prior_precision)
    for _ in range(MAX_STEPS):
        step = np.linalg.solve(best.information, best.gradient)
        if np.abs(step).max() < TOLERANCE:
            break
        parameters, best = _advance(choices, parameters, step, best, prior_precision)
    return parameters


def _advance(
    choices: Choices, parameters: Numbers, step: Numbers, best: Derivatives, prior_precision: float
) -> tuple[Numbers, Derivatives]:
    """Take the step, or so much of it that the likelihood does not fall."""
    for _ in range(MAX_STEPS):
        found = derivatives_of(choices, parameters + step, prior_precision)
        if found.likelihood >= best.likelihood - ROUNDING * abs(best.likelihood):
            return parameters + step, found
        step = step / 2
    return parameters, best


def derivatives_of(choices: Choices, parameters: Numbers, prior_precision: float) -> Derivatives:
    """Return the penalized likelihood; its second derivative also fixes the mean strength at 0."""
    likelihood = -prior_precision / 2 * float(parameters @ parameters)
    gradient: Numbers = -prior_precision * parameters
    information: Numbers = prior_precision * np.eye(choices.size)
    for block in choices.blocks():
        found = block.derivatives(parameters)
        likelihood += found.likelihood
        gradient = gradient + found.gradient
        information += found.information
    information[: choices.models, : choices.models] += 1.0
    return Derivatives(likelihood, gradient, information)


def centered_inverse(choices: Choices, parameters: Numbers, prior_precision: float) -> Numbers:
    """Return the covariance as if every choice was independent, with a mean strength of 0."""
    center = np.eye(choices.size)
    center[: choices.models, : choices.models] -= 1 / choices.models
    inverse: Numbers = np.linalg.inv(
        derivatives_of(choices, parameters, prior_precision).information
    )
    centered: Numbers = center @ inverse @ center.T
    return centered
