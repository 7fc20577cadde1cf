"""The values of items that are inserted, as their columns store them.

This module uses no SQL, so that the process that reads a file need not load SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

Values = tuple[str | None, ...]
"""The values of columns, in order."""

ITEM_VALUES = (
    *("shown_digest", "prompt", "draft", "meta", "media", "author", "domains", "language"),
    "gold",
)
"""The columns of an item that its content sets; prompt, meta, media … are JSON texts."""

CANDIDATE_VALUES = ("text", "model", "media", "author", "turns", "extra")
"""The columns of a candidate that its content sets; media, turns and extra are JSON texts."""

DEFAULTS: Mapping[str, object] = {
    "media": "[]",
    "domains": "[]",
    "turns": "[]",
    "audience": "anybody",
    "has_text": True,
    "is_gold": False,
}
"""What the tables have in these columns by default; in others, NULL."""


class NewItem(NamedTuple):
    """An item to insert; `audience` is who suits it.

    `values` are those of the columns `ITEM_VALUES`, and `candidates` those of `CANDIDATE_VALUES`.
    """

    values: Values
    candidates: Sequence[Values]
    audience: str
    has_text: bool
    is_gold: bool


Columns = Mapping[str, Sequence[object]]
"""Values by column; a column is left out if each row has the default of the table."""


class NewItems(NamedTuple):
    """Items to insert: the columns of items, of all their candidates, and of their tasks.

    Columns pass from one process to another, and into the database, faster than rows.
    `candidate_counts` says how many candidates each item has. Tasks have the columns `audience`,
    `has_text` and `is_gold`.
    """

    items: Columns
    candidates: Columns
    candidate_counts: Sequence[int]
    tasks: Columns

    @classmethod
    def of(cls, items: Sequence[NewItem]) -> NewItems:
        """Return the columns of these items."""
        return cls(
            columns_of(ITEM_VALUES, [item.values for item in items]),
            columns_of(CANDIDATE_VALUES, [values for item in items for values in item.candidates]),
            [len(item.candidates) for item in items],
            columns_of(
                ("audience", "has_text", "is_gold"),
                [(item.audience, item.has_text, item.is_gold) for item in items],
            ),
        )

    def take(self, numbers: Sequence[int]) -> NewItems:
        """Return the items with these numbers, from 0, in this order."""
        counts = self.candidate_counts
        if list(numbers) == list(range(len(counts))):
            return self
        ends: list[int] = []
        for count in counts:
            ends.append(count + (ends[-1] if ends else 0))
        own = [place for n in numbers for place in range(ends[n] - counts[n], ends[n])]
        return NewItems(
            _take(self.items, numbers),
            _take(self.candidates, own),
            [counts[number] for number in numbers],
            _take(self.tasks, numbers),
        )


def columns_of(names: Sequence[str], rows: Iterable[Sequence[object]]) -> Columns:
    """Return the columns of rows, without those in which each row has the default."""
    columns = zip(names, zip(*rows, strict=True), strict=False)
    return {
        name: values for name, values in columns if values.count(DEFAULTS.get(name)) < len(values)
    }


def _take(columns: Columns, numbers: Sequence[int]) -> Columns:
    return {name: [values[number] for number in numbers] for name, values in columns.items()}
