"""Agreement of each two experts on each question."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from bot.quality.agreement.agreement import agreement_of
from bot.quality.agreement.coefficients import (
    Coefficient,
    agreement_coefficients,
    ranking_coefficients,
)
from bot.quality.agreement.cohen import Cell, ItemCells, Weighting, cohen_kappa
from bot.quality.agreement.kendall import RankingTally
from bot.quality.agreement.tally import Tally
from bot.quality.ballots import CACHED_BALLOTS, Ballot
from bot.quality.scales import Scales, points_of
from bot.quality.votes import ORDER, MeasurementLevel

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

    def add(self, pair: ExpertPair, ballot: Ballot, other: Ballot, items: int = 1) -> None:
        """Count so many items that two experts answered so; the pair is in the order of ids."""
        self.items[pair] += items
        for question, cells in _cells_of(ballot, other):
            self.items_by_cells[question][pair][cells] += items
        if ballot.ranks and other.ranks:
            self.rankings[pair].add((ballot.ranks, other.ranks), items)

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


@lru_cache(maxsize=CACHED_BALLOTS)
def _cells_of(ballot: Ballot, other: Ballot) -> tuple[tuple[PairQuestion, ItemCells], ...]:
    """Return the values of two answers to the same item, by question."""
    values = {(vote.question, vote.part): vote.value for vote in other.votes}
    cells: defaultdict[PairQuestion, list[Cell]] = defaultdict(list)
    for vote in ballot.votes:
        value = values.get((vote.question, vote.part))
        if value is not None:
            cells[PairQuestion(vote.question, vote.level, vote.is_sided)].append(
                (vote.value, value)
            )
    return tuple((question, tuple(sorted(found))) for question, found in cells.items())
