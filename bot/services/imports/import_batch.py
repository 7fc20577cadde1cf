"""Batches of an import: the rows of a file that one transaction stores, ready to be stored."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import cast

from bot.errors import BotError
from bot.imports.plain_items import PlainItem
from bot.imports.read_item import AnsweredRow, BatchRow, ImportedItem, OtherRow, ReadItem
from bot.kinds.content import Content
from bot.services.items.new_item import dump_json, new_item_of
from storage.item_values import NewItems, columns_of

BATCH_SIZE = 1_024
"""Items per transaction: about 20 milliseconds, so that interactions are stored in between."""

MAX_BATCH_CHARS = 16_000_000
"""Characters of texts and bytes of media after which a transaction ends earlier."""

NO_CONTENT = Content()


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """Rows of a file, with what is stored of their items, column by column.

    Attributes:
        keys: the key of each item.
        lines: the line of each item.
        files: the file of each item.
        new_items: what is stored of each item; it has the digests of what experts see.
        full_rows: all rows, if some have more than that: answers, media or a spare key.
        others: the rows between them that are only counted or reported.
        line: the last line of the batch.
    """

    keys: Sequence[str]
    lines: Sequence[int]
    files: Sequence[str]
    new_items: NewItems
    full_rows: Sequence[BatchRow] = ()
    others: Sequence[OtherRow] = ()
    line: int = 0

    @classmethod
    def prepare(
        cls, rows: Sequence[BatchRow], others: Sequence[OtherRow] = (), line: int = 0
    ) -> ImportBatch:
        """Return the batch of these rows: before the transaction, so that this is short."""
        items = [row for row in rows if isinstance(row, ImportedItem)]
        new_items = [new_item_of(i.content, i.digest.hex(), has_text=i.has_text) for i in items]
        has_more = any(map(_has_more, rows))
        return cls(
            [item.key for item in items],
            [item.line for item in items],
            [item.file for item in items],
            NewItems.of(new_items),
            [_without_stored_content(row) for row in rows] if has_more else (),
            others,
            line,
        )

    @classmethod
    def prepare_plain(
        cls, items: Sequence[PlainItem], others: Sequence[OtherRow] = (), line: int = 0
    ) -> ImportBatch:
        """Return the same batch as `prepare` returns for these items."""
        lines, keys, digests, prompts, texts, models, metas, files = zip(*items, strict=True)
        values = {
            "shown_digest": [digest.hex() for digest in digests],
            "prompt": [dump_json([{"role": "user", "content": prompt}]) for prompt in prompts],
            "meta": [dump_json(meta) for meta in metas],
        }
        candidates = zip(chain.from_iterable(texts), chain.from_iterable(models), strict=True)
        new_items = NewItems(
            values, columns_of(("text", "model"), candidates), list(map(len, texts)), {}
        )
        return cls(keys, lines, files, new_items, (), others, line)

    @property
    def digests(self) -> Sequence[str]:
        """Return the digest of what experts see of each item, in hex."""
        return cast("Sequence[str]", self.new_items.items.get("shown_digest", ()))

    @property
    def rows(self) -> Sequence[BatchRow]:
        """Return all rows; contents that are in `new_items` are left out."""
        if self.full_rows:
            return self.full_rows
        columns = self.lines, self.keys, self.digests, self.files
        return [
            ImportedItem(line, key, NO_CONTENT, bytes.fromhex(digest), file)
            for line, key, digest, file in zip(*columns, strict=True)
        ]


def _has_more(row: BatchRow) -> bool:
    """Return whether a row has more than what is stored of its item."""
    is_item = isinstance(row, ImportedItem) and row.has_text and not row.spare_key
    return not is_item or bool(row.answers or row.content.all_media())


def _without_stored_content(row: BatchRow) -> BatchRow:
    """Return a row without a content that is only stored, so that it is smaller.

    Media are stored from the content, and answers are compared with it.
    """
    if isinstance(row, AnsweredRow) or row.answers or row.content.all_media():
        return row
    return replace(row, content=NO_CONTENT)


def batches_of(
    rows: Iterable[ReadItem | PlainItem], max_items: int = BATCH_SIZE
) -> Generator[ImportBatch, None, None]:
    """Yield the rows in batches. If reading fails, rows of the last batch are not imported.

    Those that are only reported are.
    """
    pending = _PendingBatch(max_items)
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

    max_items: int
    rows: list[BatchRow | PlainItem] = field(default_factory=list)
    others: list[OtherRow] = field(default_factory=list)
    size: int = 0
    line: int = 0

    def add(self, row: ReadItem | PlainItem) -> None:
        if isinstance(row, PlainItem):
            self.rows.append(row)
            self.size += len(row.prompt) + sum(map(len, row.texts))
        elif isinstance(row, ImportedItem | AnsweredRow):
            self.rows.append(row)
            self.size += _size_of(row.content)
        else:
            self.others.append(row)
        self.line = row.line or self.line

    def is_full(self) -> bool:
        counts = len(self.rows), len(self.others)
        return self.max_items in counts or self.size > MAX_BATCH_CHARS

    def take(self) -> ImportBatch:
        """Return the batch, and begin the next one."""
        plain = [row for row in self.rows if isinstance(row, PlainItem)]
        if plain and len(plain) == len(self.rows):
            batch = ImportBatch.prepare_plain(plain, self.others, self.line)
        else:
            rows = [row.as_imported() if isinstance(row, PlainItem) else row for row in self.rows]
            batch = ImportBatch.prepare(rows, self.others, self.line)
        self.rows, self.others, self.size = [], [], 0
        return batch


def _size_of(content: Content) -> int:
    size = sum([len(turn.content) for turn in content.prompt])
    for candidate in content.candidates:
        size += len(candidate.text)
    media = content.all_media()
    return size + sum([len(one.content) for one in media]) if media else size
