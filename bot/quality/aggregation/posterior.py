"""Class probabilities of an item from known confusion matrices: the model of Dawid and Skene."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log

from bot.quality.aggregation.shares import EqualWeights, ExpertVote, Shares
from bot.quality.scales import criterion_of
from bot.quality.votes import VoteValue

Confusion = Sequence[Sequence[float]]
"""Probability of each answer, by true class: `confusion[true][given]`, each row adds up to 1."""


@dataclass(frozen=True, slots=True)
class DawidSkeneModel:
    """Class probabilities and confusion matrices of one question.

    Attributes:
        classes: the possible answers.
        prior: probability of each class before any answer.
        confusions: confusion matrix of each expert, by pseudonym.
        usual: confusion matrix of an expert without answers.
    """

    classes: tuple[VoteValue, ...]
    prior: Sequence[float]
    confusions: Mapping[str, Confusion]
    usual: Confusion

    def posterior(self, votes: Sequence[ExpertVote]) -> dict[VoteValue, float]:
        """Return the probability of each class, given the answers to an item.

        Equation 2.5 of Dawid and Skene (1979). Answers that the model does not know say nothing.
        """
        places = {value: place for place, value in enumerate(self.classes)}
        logs = [_log(probability) for probability in self.prior]
        for expert, value in votes:
            given = places.get(value)
            if given is not None:
                confusion = self.confusions.get(expert, self.usual)
                logs = [
                    total + _log(row[given]) for total, row in zip(logs, confusion, strict=True)
                ]
        top = max(logs)
        odds = [exp(total - top) for total in logs]
        whole = sum(odds)
        return {value: odd / whole for value, odd in zip(self.classes, odds, strict=True)}

    def renamed(self, names: Mapping[str, str]) -> DawidSkeneModel:
        """Return the model with other names of the experts."""
        confusions = {names.get(key, key): matrix for key, matrix in self.confusions.items()}
        return replace(self, confusions=confusions)

    def accuracy_of(self, expert: str) -> float:
        """Return the probability that an answer of an expert is the true class."""
        rows = self.confusions[expert]
        return sum(share * rows[place][place] for place, share in enumerate(self.prior))


def _log(probability: float) -> float:
    return log(probability) if probability > 0 else -1e9


@dataclass(frozen=True, slots=True)
class DawidSkeneRule:
    """Values count by their posterior probability; `models` are by criterion."""

    models: Mapping[str, DawidSkeneModel]
    most_probable_point: bool = True

    def shares(self, question: str, votes: Sequence[ExpertVote]) -> Shares:
        """Return the posterior probability of each value; without a model, its share."""
        model = self.models.get(criterion_of(question))
        return model.posterior(votes) if model else EqualWeights().shares(question, votes)
