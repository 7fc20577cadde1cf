"""Accuracy of experts on gold questions, also corrected for chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.kinds.label import Label, Ranking
from bot.quality.agreement.kendall import tau_b
from bot.quality.proportion import exact_interval
from bot.quality.scales import Scales, tolerance_of
from bot.quality.votes import Vote, VoteValue, votes_of, votes_without_strength

MIN_TAU = 0.6
"""Rank correlation with the gold ranking from which a ranking is correct."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Gold questions that an expert answered correctly.

    Attributes:
        correct: number of correct answers.
        total: number of gold questions answered.
        low, high: exact 95% interval of the share.
        chance_corrected: (share - chance) / (1 - chance), where chance is how often the expert's
            answer to one gold question is correct for another: 0 for answers that do not depend on
            the question, 1 for perfect ones. None with fewer than two answers, or if every answer
            would be correct everywhere.
    """

    correct: int
    total: int
    low: float
    high: float
    chance_corrected: float | None = None

    @property
    def share(self) -> float:
        """Return the share of correct answers, 0 to 1."""
        return self.correct / self.total


@dataclass(slots=True)
class GoldTally:
    """Counts an expert's answers to gold questions."""

    answers: Counter[tuple[Label, Label]] = field(default_factory=Counter)

    def add(self, answer: Label, gold: Label, answers: int = 1) -> None:
        """Count equal answers with the known one, without texts; kinds without votes are not."""
        if votes_of(gold):
            self.answers[answer, gold] += answers

    def accuracy(self, scales: Scales) -> Accuracy | None:
        """Return the accuracy on all counted answers, or None without any."""
        total = self.answers.total()
        if not total:
            return None
        correct = _count_correct(self.answers.items(), scales)
        low, high = exact_interval(correct, total)
        return Accuracy(correct, total, low, high, self._correct_for_chance(correct, total, scales))

    def _correct_for_chance(self, correct: int, total: int, scales: Scales) -> float | None:
        if total < 2:  # noqa: PLR2004 - chance needs an answer and another question
            return None
        given: Counter[Label] = Counter()
        golds: Counter[Label] = Counter()
        for (answer, gold), count in self.answers.items():
            given[answer] += count
            golds[gold] += count
        every_pair = (
            ((answer, gold), count * gold_count)
            for answer, count in given.items()
            for gold, gold_count in golds.items()
        )
        matches = _count_correct(every_pair, scales)
        chance = (matches - correct) / (total * (total - 1))
        return (correct / total - chance) / (1 - chance) if chance < 1 else None


def _count_correct(pairs: Iterable[tuple[tuple[Label, Label], int]], scales: Scales) -> int:
    return sum(count for (answer, gold), count in pairs if is_correct(answer, gold, scales))


def is_correct(answer: Label, gold: Label, scales: Scales) -> bool:
    """Return whether an answer matches the gold answer.

    Every question that the gold answers must match: nominal values exactly, points within the
    tolerance of their scale, and rankings by their rank correlation and exactly on each criterion.
    How much better a response is does not count.
    """
    if isinstance(gold, Ranking):
        return (
            isinstance(answer, Ranking)
            and _is_ranking_correct(answer.ranks, gold.ranks)
            and {*gold.criteria} <= {*answer.criteria}
        )
    given = {vote.question: vote.value for vote in votes_of(answer)}
    return all(
        vote.question in given and _is_match(given[vote.question], vote, scales)
        for vote in votes_without_strength(votes_of(gold))
    )


def _is_ranking_correct(ranks: tuple[int, ...], gold: tuple[int, ...]) -> bool:
    """Compare rankings so that one exchange of neighbors is never a failure."""
    if len(ranks) != len(gold) or len(gold) < 3:  # noqa: PLR2004 - two can only be right or wrong
        return ranks == gold
    one_exchange = 1 - 4 / (len(gold) * (len(gold) - 1))
    correlation = tau_b(ranks, gold)
    return ranks == gold if correlation is None else correlation >= min(MIN_TAU, one_exchange)


def _is_match(value: VoteValue, gold: Vote, scales: Scales) -> bool:
    if isinstance(value, str) or isinstance(gold.value, str):
        return value == gold.value
    return abs(value - gold.value) <= tolerance_of(gold.question, scales)
