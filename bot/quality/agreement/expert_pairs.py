"""Agreement of each two experts on each question."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple, TypeAlias

from bot.quality.agreement.agreement import agreement_of
from bot.quality.agreement.coefficients import (
    Coefficient,
    agreement_coefficients,
    ranking_coefficients,
)
from bot.quality.agreement.cohen import Cell, ItemCells, Weighting, cohen_kappa
from bot.quality.agreement.kendall import RankingTally, Ranks
from bot.quality.agreement.tally import Tally
from bot.quality.scales import Scales, points_of
from bot.quality.votes import ORDER, MeasurementLevel, VoteValue

MAX_PAIRS = 100
"""Pairs of experts in a report; those with the most items in common come first."""

ExpertPair: TypeAlias = tuple[int, int]


class PairQuestion(NamedTuple):
    """A question; all pairs of responses of a ranking are one."""

    question: str
    level: MeasurementLevel
    is_sided: bool


class PairShare(NamedTuple):
    """How many answers of two experts to one question are equal, of all that they share."""

    equal: int
    total: int


@dataclass(slots=True)
class ExpertPairs:
    """Counts what each two experts answered to the same question about the same item.

    Attributes:
        scales: the points of each question, where they are known.
        items_by_cells: by question and pair, how many items have these values of the first expert
            and these of the second.
        rankings: by pair, the rank correlations of whole rankings.
        items: number of items that both answered.
    """

    scales: Scales
    items_by_cells: defaultdict[PairQuestion, defaultdict[ExpertPair, Counter[ItemCells]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Counter))
    )
    rankings: defaultdict[ExpertPair, RankingTally] = field(
        default_factory=lambda: defaultdict(RankingTally)
    )
    items: Counter[ExpertPair] = field(default_factory=Counter)

    def add_item(self, experts: Sequence[int]) -> None:
        """Count an item for each two experts who answered it."""
        self.items.update(combinations(sorted(experts), 2))

    def add(self, question: PairQuestion, parts: Iterable[Sequence[tuple[int, VoteValue]]]) -> None:
        """Count the answers of all experts to one question about one item.

        Args:
            question: the question.
            parts: the expert and value of each answer, for each part of the question.
        """
        parts = list(parts)
        if len(parts) == 1:  # most questions; a ranking has a part for each pair of responses
            for (expert, value), (other, other_value) in combinations(sorted(parts[0]), 2):
                cell = (value, other_value)
                self.items_by_cells[question][expert, other][(cell,)] += 1
            return
        cells: defaultdict[ExpertPair, list[Cell]] = defaultdict(list)
        for answers in parts:
            for (expert, value), (other, other_value) in combinations(sorted(answers), 2):
                cells[expert, other].append((value, other_value))
        for pair, found in cells.items():
            self.items_by_cells[question][pair][tuple(sorted(found))] += 1

    def add_rankings(self, rankings: Sequence[tuple[int, Ranks]]) -> None:
        """Count the rankings of one item."""
        for (expert, ranks), (other, other_ranks) in combinations(sorted(rankings), 2):
            self.rankings[expert, other].add((ranks, other_ranks))

    def frequent_pairs(self, limit: int = MAX_PAIRS) -> list[ExpertPair]:
        """Return the pairs with the most items in common."""
        return sorted(self.items, key=lambda pair: (-self.items[pair], pair))[:limit]

    def share(self, question: str, pair: ExpertPair) -> PairShare:
        """Return how many answers of two experts to a question are equal."""
        found = Counter[bool]()
        for asked, pairs in self.items_by_cells.items():
            if asked.question == question and pair in pairs:
                for cells, count in pairs[pair].items():
                    for value, other in cells:
                        found[value == other] += count
        return PairShare(found[True], found.total())

    def coefficients(self) -> Iterator[Coefficient]:
        """Yield all coefficients of the pairs with the most items in common."""
        for pair in self.frequent_pairs():
            for question, pairs in self.items_by_cells.items():
                if pair in pairs:
                    yield from self._pair_coefficients(question, pair, pairs[pair])
            if pair in self.rankings:
                rankings = self.rankings[pair].agreement()
                yield from ranking_coefficients(ORDER, rankings, pair)

    def _pair_coefficients(
        self, question: PairQuestion, pair: ExpertPair, items: Counter[ItemCells]
    ) -> Iterator[Coefficient]:
        categories = range(1, points_of(question.question, self.scales) + 1)
        tally = Tally(question.level, question.is_sided, tuple(categories))
        for cells, count in items.items():
            tally.add_same(cells, count)
        yield from agreement_coefficients(question.question, agreement_of(tally), pair)
        weightings: tuple[Weighting, ...] = (
            ("none",) if question.level == "nominal" else ("none", "linear", "quadratic")
        )
        for weighting in weightings:
            metric = "cohen_kappa" if weighting == "none" else f"cohen_kappa_{weighting}"
            kappa = cohen_kappa(items, weighting, is_sided=question.is_sided, categories=categories)
            yield Coefficient(question.question, metric, kappa, items.total(), pair)
