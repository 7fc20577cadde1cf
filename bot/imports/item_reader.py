"""From a file to items that a campaign can take, one at a time, each bad row told with its line."""

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
"""Good rows that are looked at to learn the columns: JSON Lines may leave some out of a row."""


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """An item as it comes in; `key` is its id in the file, or a digest of its content."""

    line: int
    key: str
    content: Content


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """A row that says again, word for word, what an earlier one said."""

    line: int
    key: str


def resolve_columns(path: Path, columns: ColumnMapping, kind: Kind[Any]) -> ColumnMapping:
    """Return the columns to read a file by: those mapped, and the rest guessed from its first rows.

    Raises:
        NotFoundError: if no importer reads files with this ending.
        UnreadableFileError: if it is not a file of the format that its ending promises.
        EmptyFileError: if it holds no rows at all.
        MissingColumnError: if a mapped column is not there, with those that are.
        NoGuessError: if what the kind needs is neither mapped nor guessed.
    """
    sampled = list(islice((row for row in read_rows(path) if isinstance(row, Row)), SAMPLE_ROWS))
    known = list(dict.fromkeys(name for row in sampled for name in row.fields))
    if not known:
        if next(read_rows(path), None) is None:
            raise EmptyFileError(name=path.name)
        return columns  # every row is bad: there is nothing to read by any columns
    if missing := columns.missing_from(known):
        raise MissingColumnError(
            name=path.name, missing=format_names(missing), known=format_names(known)
        )
    links = {name for name in known if _has_only_links([row.fields.get(name) for row in sampled])}
    return detect_columns(columns, kind, known, path.name, links)


def _has_only_links(values: Iterable[object]) -> bool:
    present = [value for value in values if value not in (None, "", [])]
    return bool(present) and all(is_link(value) for value in present)


def read_items(
    path: Path, columns: ColumnMapping, kind: Kind[Any], settings: KindSettings
) -> Iterator[ImportedItem | DuplicateRow | InvalidRow]:
    """Return the items of a file, in its order, and in their place what cannot be taken.

    The file is refused as a whole before the first item is returned. Memory stays at one row, and
    about 200 bytes a row to notice those that come twice.

    Raises:
        NotFoundError, UnreadableFileError, EmptyFileError, MissingColumnError, NoGuessError: as
            `settle_columns` does.
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
    """Remembers each key, with the digest of its content and its line, in a few dozen bytes."""

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
            line, f"its id {quote_name(key)} is that of line {first_line}, with other content"
        )
