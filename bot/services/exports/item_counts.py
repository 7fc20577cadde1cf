"""What an export counts of its items while they pass: agreement, and which models win."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.exports.agreement_count import AgreementCount
from bot.exports.label_record import ItemLabels
from bot.kinds.content import Candidate
from bot.kinds.label import Label, Preference, Ranking
from bot.services.reports.model_counter import ModelCounter


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """Counts of the items of an export.

    Attributes:
        agreement: counts the answers.
        models: counts the models, if the export reads all current answers.
    """

    agreement: AgreementCount = field(default_factory=AgreementCount)
    models: ModelCounter | None = None

    def count_items(self, items: Iterable[ItemLabels]) -> Iterator[ItemLabels]:
        """Yield items and count them."""
        for item in self.agreement.count_items(items):
            if self.models and item.answers and not item.answers[0].is_gold:
                labels = [answer.label for answer in item.answers]
                self.models.add(labels, candidates_of(labels[0]))
            yield item


def candidates_of(label: Label) -> Sequence[Candidate]:
    """Return the responses that a label compares; empty if it compares none."""
    match label:
        case Preference():
            return label.left, label.right
        case Ranking():
            return label.candidates
        case _:
            return ()
