"""Pass rates: the share of a model's candidates that experts approve of.

A verdict passes if it is good; a rating if each of its points is in the upper half of its scale; a
candidate of a comparison if it is better or ties, and of a ranking if it is on rank 1. A candidate
passes if more than half of the answers to it do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.kinds.label import Demonstration, Label, Preference, Ranking, Rating, Verdict
from bot.quality.proportion import exact_interval
from bot.quality.scales import Scales, points_of


@dataclass(frozen=True, slots=True)
class PassRate:
    """The pass rate of a model, with its 95% interval by Clopper and Pearson.

    Attributes:
        name: the model.
        candidates: candidates with at least one answer.
        answers: answers to them.
        passed: candidates that passed.
        pass_rate, low, high: the share of candidates that passed, and its interval.
    """

    name: str
    candidates: int
    answers: int
    passed: int
    pass_rate: float
    low: float
    high: float


@dataclass(slots=True)
class PassTally:
    """Counts which candidates of which model passed, item by item."""

    candidates: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)

    def add(
        self,
        labels: Sequence[Label],
        models: Sequence[str | None],
        scales: Scales,
        items: int = 1,
    ) -> None:
        """Count so many items with these answers, and with these models in imported order."""
        for position, model in enumerate(models):
            if model is None:
                continue
            verdicts = [has_passed(label, position, scales) for label in labels]
            known = [verdict for verdict in verdicts if verdict is not None]
            self.candidates[model] += items * bool(known)
            self.answers[model] += items * len(known)
            self.passed[model] += items * (2 * sum(known) > len(known))

    def rates(self) -> Iterator[PassRate]:
        """Yield the pass rate of each model that has answers, by name."""
        for name in sorted(self.candidates):
            total, passed = self.candidates[name], self.passed[name]
            if total:
                low, high = exact_interval(passed, total)
                yield PassRate(name, total, self.answers[name], passed, passed / total, low, high)


def has_passed(label: Label, position: int, scales: Scales) -> bool | None:
    """Return whether an answer approves of a candidate; None if it judges none.

    Args:
        label: the answer.
        position: the candidate in imported order.
        scales: the number of points of each criterion.
    """
    match label:
        case Verdict(verdict=verdict):
            return verdict == "good"
        case Preference(winner=winner):
            return winner in {"tie", ("left", "right")[position]}
        case Ranking(ranks=ranks):
            return ranks[position] == 1
        case Rating(scores=scores):
            return all(2 * score > points_of(name, scales) + 1 for name, score in scores)
        case Demonstration():
            return None
