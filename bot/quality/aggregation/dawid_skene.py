"""Fit of the model of Dawid and Skene: true classes and confusion matrices from answers alone.

Dawid and Skene, *Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm*,
Applied Statistics 28 (1979). Only child processes and the command line import this module, because
numpy is large.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.quality.aggregation.posterior import DawidSkeneModel
from bot.quality.aggregation.vote_arrays import VoteArrays
from bot.quality.votes import mirror

Numbers = NDArray[np.float64]

MAX_ITERATIONS = 500

CONVERGED = 1e-7
"""Largest change of a class probability at which the fit ends."""

PRIOR_CORRECT = 2.0
PRIOR_WRONG = 1.0
"""Before any data, each expert counts as having given so many correct and wrong answers to each
class. Without gold questions, only this prior says that most answers are right."""


def fit(votes: VoteArrays, *, prior_answers: float = 1.0) -> DawidSkeneModel:
    """Return the model with the highest posterior probability, found by expectation maximization.

    Classes of gold items are fixed. The first confusion matrices come from gold questions and the
    prior, so that experts who are wrong on most gold questions cannot define what is right.

    Args:
        votes: at least one vote.
        prior_answers: weight of the prior; 0 gives the maximum likelihood estimates of the paper,
            which start from the shares of the answers.
    """
    em = _ExpectationMaximization.start(votes, prior_answers)
    posterior = em.first_posterior()
    for _ in range(MAX_ITERATIONS):
        prior, confusions = em.maximize(posterior)
        updated = em.expect(prior, confusions)
        change = np.abs(updated - posterior).max()
        posterior = updated
        if change < CONVERGED:
            break
    prior, confusions = em.maximize(posterior)
    return DawidSkeneModel(
        classes=votes.classes,
        prior=prior.tolist(),
        confusions=dict(zip(votes.expert_names, confusions.tolist(), strict=True)),
        usual=em.usual_confusion().tolist(),
    )


@dataclass(frozen=True, slots=True)
class _ExpectationMaximization:
    """Data of a fit. Confusions have the axes expert, true class, given class."""

    items: NDArray[np.int64]
    cells: NDArray[np.int64]
    is_known: NDArray[np.bool_]
    known: Numbers
    prior_counts: Numbers
    prior_answers: float
    mirrored: NDArray[np.int64] | None
    expert_count: int

    @classmethod
    def start(cls, votes: VoteArrays, prior_answers: float) -> _ExpectationMaximization:
        size = len(votes.classes)
        known = np.zeros((votes.item_count, size))
        for item, value in votes.gold.items():
            known[item, value] = 1.0
        numbers = {value: number for number, value in enumerate(votes.classes)}
        mirrored = [numbers[mirror(value)] for value in votes.classes] if votes.is_sided else None
        wrong = PRIOR_WRONG / (size - 1) if size > 1 else 0.0
        prior_counts = np.full((size, size), wrong) + np.eye(size) * (PRIOR_CORRECT - wrong)
        return cls(
            items=np.asarray(votes.items, dtype=np.int64),
            cells=np.asarray(votes.experts, dtype=np.int64) * size
            + np.asarray(votes.values, dtype=np.int64),
            is_known=np.asarray(known.any(axis=1)),
            known=known,
            prior_counts=prior_counts * prior_answers,
            prior_answers=prior_answers,
            mirrored=None if mirrored is None else np.array(mirrored),
            expert_count=len(votes.expert_names),
        )

    @property
    def size(self) -> int:
        return int(self.known.shape[1])

    def usual_confusion(self) -> Numbers:
        """Return the matrix of an expert who has not answered."""
        if not self.prior_answers:
            return np.full((self.size, self.size), 1 / self.size)
        usual: Numbers = self.prior_counts / self.prior_counts.sum(axis=1, keepdims=True)
        return usual

    def first_posterior(self) -> Numbers:
        """Return the first class probabilities: from gold and prior, or the shares of answers."""
        if self.prior_answers:
            uniform = np.full(self.size, 1 / self.size)
            return self.expect(uniform, self._confusions(self.known))
        shares = np.zeros_like(self.known)
        np.add.at(shares, (self.items, self.cells % self.size), 1.0)
        totals = shares.sum(axis=1, keepdims=True)
        return self._fix_known(shares / np.maximum(totals, 1.0))

    def maximize(self, posterior: Numbers) -> tuple[Numbers, Numbers]:
        """Return class probabilities and confusions: equations 2.3 and 2.4, with the prior.

        Gold items say nothing about how frequent the classes are.
        """
        counts = posterior[~self.is_known].sum(axis=0) + self.prior_answers
        if self.mirrored is not None:
            counts += counts[self.mirrored]
        total = counts.sum()
        prior = counts / total if total else np.full(self.size, 1 / self.size)
        return prior, self._confusions(posterior)

    def _confusions(self, posterior: Numbers) -> Numbers:
        cell_count = self.expert_count * self.size
        columns = [
            np.bincount(self.cells, weights=posterior[self.items, true], minlength=cell_count)
            for true in range(self.size)
        ]
        stacked = np.stack(columns).reshape(self.size, self.expert_count, self.size)
        counts = np.asarray(stacked.transpose(1, 0, 2), dtype=np.float64)
        if self.mirrored is not None:
            counts = counts + counts[:, self.mirrored][:, :, self.mirrored]
            counts[:, self.mirrored == np.arange(self.size)] /= 2
        counts = counts + self.prior_counts
        totals = counts.sum(axis=2, keepdims=True)
        empty = np.full_like(counts, 1 / self.size)
        shares: Numbers = np.divide(counts, totals, out=empty, where=totals > 0)
        return shares

    def expect(self, prior: Numbers, confusions: Numbers) -> Numbers:
        """Return the class probabilities of each item: equation 2.5."""
        with np.errstate(divide="ignore"):
            logs = np.maximum(np.log(confusions), -1e9).transpose(1, 0, 2).reshape(self.size, -1)
            start = np.maximum(np.log(prior), -1e9)
        totals = np.stack(
            [
                np.bincount(self.items, weights=logs[true][self.cells], minlength=len(self.known))
                for true in range(self.size)
            ],
            axis=1,
        )
        totals = totals + start
        odds = np.exp(totals - totals.max(axis=1, keepdims=True))
        return self._fix_known(odds / odds.sum(axis=1, keepdims=True))

    def _fix_known(self, posterior: Numbers) -> Numbers:
        return np.where(self.is_known[:, None], self.known, posterior)
