"""Agreement of the answers that an export reads, counted while they pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field

from bot.exports.label_record import ItemLabels
from bot.quality.agreement.agreement import agreement_of
from bot.quality.agreement.tally import Tally
from bot.quality.scales import points_of
from bot.quality.votes import VoteValue, values_by_question

DIGITS = 6
"""Decimal places, so that the figures do not depend on the order of additions."""


@dataclass(slots=True)
class AgreementCount:
    """Counts the answers to all items that are no gold questions, whatever rows they get."""

    tallies: dict[str, Tally] = field(default_factory=dict)

    def count_items(self, items: Iterable[ItemLabels]) -> Iterator[ItemLabels]:
        """Yield items and count them."""
        for item in items:
            if not any(record.is_gold for record in item.answers):
                self.add_same(item, 1)
            yield item

    def add_same(self, item: ItemLabels, items: int) -> None:
        """Count so many items whose answers are those of `item`."""
        units: defaultdict[str, list[list[VoteValue]]] = defaultdict(list)
        for question, values in values_by_question(item.ballots).items():
            if question.question not in self.tallies:
                points = points_of(question.question, item.consensus.scales)
                categories = tuple(range(1, points + 1))
                tally = Tally(question.level, question.is_sided, categories)
                self.tallies[question.question] = tally
            units[question.question].append(values)
        for name, item_units in units.items():
            self.tallies[name].add_same(item_units, items)

    def figures(self) -> dict[str, object]:
        """Return the coefficients of each question with their 95% intervals, as JSON values.

        Fields are those of `Agreement`; an interval is null if there are too few items.
        """
        return {name: _round(asdict(agreement_of(tally))) for name, tally in self.tallies.items()}


def _round(value: object) -> object:
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, dict):
        return {name: _round(entry) for name, entry in value.items()}
    return value
