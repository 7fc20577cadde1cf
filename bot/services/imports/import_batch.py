"""Batches of an import: the rows of a file that one transaction stores, ready to be stored."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.errors import BotError
from bot.imports.read_item import AnsweredRow, BatchRow, ImportedItem, OtherRow, ReadItem
from bot.kinds.content import Content
from bot.services.items.new_item import new_item_of
from storage.item_values import NewItem

BATCH_SIZE = 1_024
"""Items per transaction: about 20 milliseconds, so that interactions are stored in between.

As many as a statement of `storage.bulk_insert` inserts at once.
"""

MAX_BATCH_CHARS = 16_000_000
"""Characters of texts and bytes of media after which a transaction ends earlier."""

NO_CONTENT = Content()


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """Rows of a file, and by its digest what is stored of each item if it is new.

    `others` are the rows between them that are only counted or reported. `line` is the last line of
    the batch.
    """

    rows: Sequence[BatchRow]
    new_items: Mapping[bytes, NewItem]
    others: Sequence[OtherRow] = ()
    line: int = 0

    @classmethod
    def prepare(
        cls, rows: Sequence[BatchRow], others: Sequence[OtherRow] = (), line: int = 0
    ) -> ImportBatch:
        """Return the batch of these rows: before the transaction, so that this is short."""
        new_items = {
            row.digest: new_item_of(row.content, row.digest.hex(), has_text=row.has_text)
            for row in rows
            if isinstance(row, ImportedItem)
        }
        return cls(rows, new_items, others, line)

    def without_contents(self) -> ImportBatch:
        """Return the batch without contents that `new_items` has, too, so that it is smaller.

        Media are stored from the content, and answers are compared with it.
        """
        return replace(self, rows=[_without_content(row) for row in self.rows])


def _without_content(row: BatchRow) -> BatchRow:
    if isinstance(row, AnsweredRow) or row.answers or row.content.all_media():
        return row
    return ImportedItem(
        row.line, row.key, NO_CONTENT, row.digest, row.file, (), row.has_text, row.spare_key
    )


def batches_of(rows: Iterable[ReadItem]) -> Generator[ImportBatch, None, None]:
    """Yield the rows in batches. If reading fails, rows of the last batch are not imported.

    Those that are only reported are.
    """
    pending = _PendingBatch()
    try:
        for row in rows:
            pending.add(row)
            if pending.is_full():
                yield pending.take()
    except BotError:
        pending.rows.clear()
        yield pending.take()
        raise
    yield pending.take()


@dataclass(slots=True)
class _PendingBatch:
    """The batch that is being read; `size` counts characters of texts and bytes of media."""

    rows: list[BatchRow] = field(default_factory=list)
    others: list[OtherRow] = field(default_factory=list)
    size: int = 0
    line: int = 0

    def add(self, row: ReadItem) -> None:
        if isinstance(row, ImportedItem | AnsweredRow):
            self.rows.append(row)
            self.size += _size_of(row.content)
        else:
            self.others.append(row)
        self.line = row.line or self.line

    def is_full(self) -> bool:
        counts = len(self.rows), len(self.others)
        return BATCH_SIZE in counts or self.size > MAX_BATCH_CHARS

    def take(self) -> ImportBatch:
        """Return the batch, and begin the next one."""
        batch = ImportBatch.prepare(self.rows, self.others, self.line)
        self.rows, self.others, self.size = [], [], 0
        return batch


def _size_of(content: Content) -> int:
    size = sum([len(turn.content) for turn in content.prompt])
    for candidate in content.candidates:
        size += len(candidate.text)
    media = content.all_media()
    return size + sum([len(one.content) for one in media]) if media else size
