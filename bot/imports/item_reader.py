"""Item reader: stream the items of a file; each row that cannot be imported is reported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from bot.imports.checks import warnings_of
from bot.imports.groups import RowGroup
from bot.imports.item_content import build_content
from bot.imports.keys import DIGEST_BYTES, digest_of, key_of, shown_digest_of
from bot.imports.mapping import ColumnMapping, CompiledMapping
from bot.imports.plan import DETECT_ALL, ImportOptions, ImportPlan, ShapedRow, plan_import
from bot.imports.row import InvalidRow, InvalidRowError, RowWarning, place_of, quote_name
from bot.kinds.base import InvalidContentError, Kind
from bot.kinds.content import Content
from bot.kinds.gold import parse_gold
from bot.kinds.settings import KindSettings


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """An item read from a file; `key` is its id in the file, or a digest of its content.

    `digest` is the digest of what experts see of it.
    """

    line: int
    key: str
    content: Content
    digest: bytes = field(default=b"", compare=False)
    file: str = ""


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """A row that shows experts the same as an earlier row of the file, at `first`.

    `is_exchanged`: the candidates are in another order.
    """

    line: int
    key: str
    first: str = ""
    is_exchanged: bool = False
    file: str = ""


ReadItem = ImportedItem | DuplicateRow | InvalidRow | RowWarning


def read_items(
    path: Path,
    columns: ColumnMapping,
    kind: Kind[Any],
    settings: KindSettings,
    options: ImportOptions = DETECT_ALL,
) -> Iterator[ReadItem]:
    """Return an iterator over the rows of a file, in order, as items, duplicates or invalid rows.

    A file that must be rejected as a whole is rejected before iteration starts. Memory is one row,
    plus about 300 bytes per row to detect duplicates.

    Raises:
        NotFoundError, UnreadableFileError, EmptyFileError, MissingColumnError,
            ColumnsNotDetectedError: as in `plan_import`.
    """
    return items_of(plan_import(path, columns, kind, options), kind, settings)


def items_of(plan: ImportPlan, kind: Kind[Any], settings: KindSettings) -> Iterator[ReadItem]:
    """Yield the items of a planned file: each row is shaped, checked and compared once."""
    detector = _DuplicateDetector(plan.mapping)
    for row in plan.rows:
        if isinstance(row, InvalidRow | RowWarning):
            yield row
            continue
        first = row.rows[0] if isinstance(row, RowGroup) else row
        shaped = ShapedRow(first.line, {}, first.file)
        try:
            for shaped in plan.shape_row(row):
                yield from _items_in(shaped, plan.mapping, kind, settings, detector)
        except InvalidRowError as error:
            yield InvalidRow(shaped.line, str(error), shaped.file)


def _items_in(
    row: ShapedRow,
    mapping: CompiledMapping,
    kind: Kind[Any],
    settings: KindSettings,
    detector: _DuplicateDetector,
) -> Iterator[ReadItem]:
    try:
        content = build_content(row.fields, mapping)
        kind.validate_content(content, settings)
        content = _add_gold(content, row, mapping, kind, settings)
        item = detector.check_item(row, content)
    except InvalidContentError as error:
        yield InvalidRow(row.line, str(error.details["reason"]), row.file)
        return
    except InvalidRowError as error:
        yield InvalidRow(row.line, str(error), row.file)
        return
    if isinstance(item, ImportedItem):
        for reason in warnings_of(content):
            yield RowWarning(row.line, reason, row.file)
    yield item


def _add_gold(
    content: Content,
    row: ShapedRow,
    mapping: CompiledMapping,
    kind: Kind[Any],
    settings: KindSettings,
) -> Content:
    raw = mapping.value(row.fields, "gold")
    if raw is None or raw == "":
        return content
    return replace(content, gold=parse_gold(kind, content, settings, raw))


class _DuplicateDetector:
    """Detects repeated rows. Stores digests with the place of the first row, to save memory."""

    def __init__(self, mapping: CompiledMapping) -> None:
        self.mapping = mapping
        self.places_by_key: dict[bytes, bytes] = {}
        self.places_by_content: dict[bytes, bytes] = {}

    def check_item(
        self, row: ShapedRow, content: Content
    ) -> ImportedItem | DuplicateRow | InvalidRow:
        """Return the item, or what an earlier row has against it."""
        shown = shown_digest_of(content)
        has_id = self.mapping.has("id")
        key = key_of(self.mapping.value(row.fields, "id")) if has_id else digest_of(content).hex()
        key_digest = blake2b(key.encode(), digest_size=DIGEST_BYTES).digest()
        place = place_of(row.line, row.file)
        order = _order_digest(content)
        earlier = self.places_by_content.get(shown)
        same_key = self.places_by_key.get(key_digest)
        if same_key is not None and not same_key.startswith(shown):
            first = same_key[DIGEST_BYTES:].decode()
            reason = f"{first} has the same id {quote_name(key)} with other content"
            return InvalidRow(row.line, reason, row.file)
        if earlier is not None:
            is_exchanged = not earlier.startswith(order)
            first = earlier[len(order) :].decode()
            return DuplicateRow(row.line, key, first, is_exchanged, row.file)
        self.places_by_content[shown] = order + place.encode()
        self.places_by_key[key_digest] = shown + place.encode()
        return ImportedItem(row.line, key, content, shown, row.file)


def _order_digest(content: Content) -> bytes:
    """Return a short digest of the first candidate, which tells an exchanged pair."""
    text = content.candidates[0].text.strip() if content.candidates else ""
    return blake2b(text.encode(), digest_size=4).digest()
