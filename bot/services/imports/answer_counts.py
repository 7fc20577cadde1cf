"""Counts of the answers in a dry run: by answer and by expert."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.imports.answers.reader import ImportedAnswer
from bot.imports.read_item import AnsweredRow, DuplicateAnswer, ImportedItem, ReadItem
from bot.kinds.base import Kind
from bot.kinds.settings import KindSettings
from bot.services.imports.imported_answers import AnswersResult

MAX_SHOWN_ANSWERS = 50
"""Different answers in a dry run: the most frequent ones."""


@dataclass(slots=True)
class AnswerCounts:
    """Counts the answers of a file.

    Attributes:
        kind: the kind of the campaign.
        settings: its settings.
        new: answers that would be added.
        existing: answers that the campaign has.
        repeated: answers that an earlier row has, too.
        items_without: items without an answer in their first row.
        by_answer: number of answers by what they say; of ratings, by criterion and point.
        by_expert: number of answers by the name of the expert.
    """

    kind: Kind[Any]
    settings: KindSettings
    new: int = 0
    existing: int = 0
    repeated: int = 0
    items_without: int = 0
    by_answer: Counter[str] = field(default_factory=Counter)
    by_expert: Counter[str] = field(default_factory=Counter)

    def count(self, row: ReadItem) -> None:
        """Count the answers in a row."""
        if isinstance(row, DuplicateAnswer):
            self.repeated += 1
        if isinstance(row, ImportedItem) and not row.answers:
            self.items_without += 1
        if isinstance(row, ImportedItem | AnsweredRow):
            for answer in row.answers:
                self.by_answer.update(self._describe(answer))
                self.by_expert[answer.expert] += 1

    def add(self, result: AnswersResult) -> None:
        """Add what the answers of a batch would do."""
        self.new += result.added
        self.existing += result.existing

    def _describe(self, answer: ImportedAnswer) -> Iterator[str]:
        """Yield what an answer says, without texts, which all differ."""
        if self.kind.name == "demonstration":
            return
        labels = {criterion: criterion for criterion in self.settings.scales}
        points = [f"{key} {answer.value[key]}" for key in labels if key in answer.value]
        yield from points or [self.kind.summarize(dict(answer.value), self.settings)]

    def as_json(self) -> dict[str, object]:
        """Return the counts for `--json`."""
        return {
            "new": self.new,
            "existing": self.existing,
            "repeated": self.repeated,
            "items_without": self.items_without,
            "by_answer": dict(self.by_answer.most_common(MAX_SHOWN_ANSWERS)),
            "by_expert": dict(self.by_expert.most_common()),
        }
