"""From a file to items that a campaign can take, one at a time, each bad row told with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

from bot.imports import rows
from bot.imports.columns import Columns, MissingColumnError, listed, value_at
from bot.imports.contents import content_from
from bot.imports.guessing import guessed
from bot.imports.keys import DIGEST_SIZE, digest_of, key_of
from bot.imports.media import is_link
from bot.imports.row import BadRow, EmptyFileError, Row, UnusableRowError, quoted
from bot.kinds.base import BadContentError, Kind
from bot.kinds.content import Content
from bot.kinds.gold import gold_from
from bot.kinds.settings import KindSettings

SAMPLE = 100
"""Good rows that are looked at to learn the columns: JSON Lines may leave some out of a row."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """An item as it comes in; `key` is its id in the file, or a digest of its content."""

    line: int
    key: str
    content: Content


@dataclass(frozen=True, slots=True)
class Repeated:
    """A row that says again, word for word, what an earlier one said."""

    line: int
    key: str


def settle_columns(path: Path, columns: Columns, kind: Kind[Any]) -> Columns:
    """Return the columns to read a file by: those mapped, and the rest guessed from its first rows.

    Raises:
        NotFoundError: if no importer reads files with this ending.
        UnreadableFileError: if it is not a file of the format that its ending promises.
        EmptyFileError: if it holds no rows at all.
        MissingColumnError: if a mapped column is not there, with those that are.
        NoGuessError: if what the kind needs is neither mapped nor guessed.
    """
    sampled = list(islice((row for row in rows(path) if isinstance(row, Row)), SAMPLE))
    known = list(dict.fromkeys(name for row in sampled for name in row.fields))
    if not known:
        if next(rows(path), None) is None:
            raise EmptyFileError(name=path.name)
        return columns  # every row is bad: there is nothing to read by any columns
    if missing := columns.missing_from(known):
        raise MissingColumnError(name=path.name, missing=listed(missing), known=listed(known))
    links = {name for name in known if _holds_links([row.fields.get(name) for row in sampled])}
    return guessed(columns, kind, known, path.name, links)


def _holds_links(values: Iterable[object]) -> bool:
    there = [value for value in values if value not in (None, "", [])]
    return bool(there) and all(is_link(value) for value in there)


def read_items(
    path: Path, columns: Columns, kind: Kind[Any], settings: KindSettings
) -> Iterator[Incoming | Repeated | BadRow]:
    """Return the items of a file, in its order, and in their place what cannot be taken.

    The file is refused as a whole before the first item is returned. Memory stays at one row, and
    about 200 bytes a row to notice those that come twice.

    Raises:
        NotFoundError, UnreadableFileError, EmptyFileError, MissingColumnError, NoGuessError: as
            `settle_columns` does.
    """
    settled = settle_columns(path, columns, kind)
    return _items(path, settled, kind, settings)


def _items(
    path: Path, columns: Columns, kind: Kind[Any], settings: KindSettings
) -> Iterator[Incoming | Repeated | BadRow]:
    seen = _Seen()
    for row in rows(path):
        if isinstance(row, BadRow):
            yield row
            continue
        try:
            content = content_from(row.fields, columns)
            kind.accept(content, settings)
            content = _with_gold(content, row.fields, columns, kind, settings)
            yield seen.checked(row.line, row.fields, columns, content)
        except BadContentError as error:
            yield BadRow(row.line, str(error.facts["reason"]))
        except UnusableRowError as error:
            yield BadRow(row.line, str(error))


def _with_gold(
    content: Content,
    row: Mapping[str, object],
    columns: Columns,
    kind: Kind[Any],
    settings: KindSettings,
) -> Content:
    raw = value_at(row, columns.gold[0]) if columns.gold else None
    if raw is None or raw == "":
        return content
    return replace(content, gold=gold_from(kind, content, settings, raw))


class _Seen:
    """Remembers each key, with the digest of its content and its line, in a few dozen bytes."""

    def __init__(self) -> None:
        self.first: dict[bytes, bytes] = {}

    def checked(
        self, line: int, row: Mapping[str, object], columns: Columns, content: Content
    ) -> Incoming | Repeated | BadRow:
        digest = digest_of(content)
        key = key_of(row, columns.id, digest)
        place = blake2b(key.encode(), digest_size=DIGEST_SIZE).digest()
        earlier = self.first.setdefault(place, b"%s%d" % (digest, line))
        number = int(earlier[DIGEST_SIZE:])
        if number == line:
            return Incoming(line, key, content)
        if earlier.startswith(digest):
            return Repeated(line, key)
        return BadRow(line, f"its id {quoted(key)} is that of line {number}, with other content")
