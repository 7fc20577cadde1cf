"""Item reader: stream the items of a file; each row that cannot be imported is reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

from bot.imports import read_rows
from bot.imports.column_detection import detect_columns
from bot.imports.column_mapping import ColumnMapping, MissingColumnError, format_names, value_at
from bot.imports.item_content import build_content
from bot.imports.item_key import DIGEST_BYTES, digest_of, key_of
from bot.imports.media import is_link
from bot.imports.row import EmptyFileError, InvalidRow, InvalidRowError, Row, quote_name
from bot.kinds.base import InvalidContentError, Kind
from bot.kinds.content import Content
from bot.kinds.gold import parse_gold
from bot.kinds.settings import KindSettings

SAMPLE_ROWS = 100
"""Valid rows sampled to find the columns: in JSON Lines, a row may leave some out."""


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """An item read from a file; `key` is its id in the file, or a digest of its content."""

    line: int
    key: str
    content: Content


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """A row with the same key and content as an earlier row of the file."""

    line: int
    key: str


def resolve_columns(path: Path, columns: ColumnMapping, kind: Kind[Any]) -> ColumnMapping:
    """Return the complete column mapping; unmapped parts are detected from the first rows.

    Raises:
        NotFoundError: no importer reads this file extension.
        UnreadableFileError: the content is not in the format of its extension.
        EmptyFileError: the file contains no rows.
        MissingColumnError: a mapped column does not exist; the message lists those that do.
        ColumnsNotDetectedError: a part that the kind requires is neither mapped nor detected.
    """
    sample = list(islice((row for row in read_rows(path) if isinstance(row, Row)), SAMPLE_ROWS))
    available = list(dict.fromkeys(name for row in sample for name in row.fields))
    if not available:
        if next(read_rows(path), None) is None:
            raise EmptyFileError(name=path.name)
        return columns  # every row is invalid, so the columns do not matter
    if missing := columns.missing_from(available):
        raise MissingColumnError(
            name=path.name, missing=format_names(missing), available=format_names(available)
        )
    links = {
        name for name in available if _has_only_links([row.fields.get(name) for row in sample])
    }
    return detect_columns(columns, kind, available, path.name, links)


def _has_only_links(values: Iterable[object]) -> bool:
    present = [value for value in values if value not in (None, "", [])]
    return bool(present) and all(is_link(value) for value in present)


def read_items(
    path: Path, columns: ColumnMapping, kind: Kind[Any], settings: KindSettings
) -> Iterator[ImportedItem | DuplicateRow | InvalidRow]:
    """Return an iterator over the rows of a file, in order, as items, duplicates or invalid rows.

    A file that must be rejected as a whole is rejected before iteration starts. Memory is one row,
    plus about 200 bytes per row to detect duplicates.

    Raises:
        NotFoundError, UnreadableFileError, EmptyFileError, MissingColumnError,
            ColumnsNotDetectedError: as in `resolve_columns`.
    """
    resolved = resolve_columns(path, columns, kind)
    return _iterate_items(path, resolved, kind, settings)


def _iterate_items(
    path: Path, columns: ColumnMapping, kind: Kind[Any], settings: KindSettings
) -> Iterator[ImportedItem | DuplicateRow | InvalidRow]:
    detector = _DuplicateDetector()
    for row in read_rows(path):
        if isinstance(row, InvalidRow):
            yield row
            continue
        try:
            content = build_content(row.fields, columns)
            kind.validate_content(content, settings)
            content = _add_gold(content, row.fields, columns, kind, settings)
            yield detector.check_item(row.line, row.fields, columns, content)
        except InvalidContentError as error:
            yield InvalidRow(row.line, str(error.details["reason"]))
        except InvalidRowError as error:
            yield InvalidRow(row.line, str(error))


def _add_gold(
    content: Content,
    row: Mapping[str, object],
    columns: ColumnMapping,
    kind: Kind[Any],
    settings: KindSettings,
) -> Content:
    raw = value_at(row, columns.gold[0]) if columns.gold else None
    if raw is None or raw == "":
        return content
    return replace(content, gold=parse_gold(kind, content, settings, raw))


class _DuplicateDetector:
    """Detects repeated keys. Stores digests of key and content with the line, to save memory."""

    def __init__(self) -> None:
        self.first_seen: dict[bytes, bytes] = {}

    def check_item(
        self, line: int, row: Mapping[str, object], columns: ColumnMapping, content: Content
    ) -> ImportedItem | DuplicateRow | InvalidRow:
        digest = digest_of(content)
        key = key_of(row, columns.id, digest)
        key_digest = blake2b(key.encode(), digest_size=DIGEST_BYTES).digest()
        earlier = self.first_seen.setdefault(key_digest, b"%s%d" % (digest, line))
        first_line = int(earlier[DIGEST_BYTES:])
        if first_line == line:
            return ImportedItem(line, key, content)
        if earlier.startswith(digest):
            return DuplicateRow(line, key)
        return InvalidRow(
            line, f"line {first_line} has the same id {quote_name(key)} with other content"
        )
