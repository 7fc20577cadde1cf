"""Rows of a written export, read from its data files, whatever their type."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias, cast
from zipfile import BadZipFile

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import load_workbook

from bot.errors import BotError, NotFoundError
from bot.exports.formats import format_named
from bot.exports.tables import TYPED_FILE
from bot.exports.written_manifest import WrittenManifest

Row: TypeAlias = dict[str, Any]

LONGEST_CELL = 2**31 - 1

BROKEN_FILE = (ValueError, TypeError, KeyError, OSError, BadZipFile, csv.Error, pa.ArrowException)
"""What readers raise if a file is not what its name says."""


class IncomparableFormatError(BotError):
    """Rows of the format {format} do not name their item; compare exports in another format."""


class MissingDataError(BotError):
    """{file} is missing, so rows cannot be compared. `labelbot exports verify` checks a folder."""


class UnreadableDataError(BotError):
    """{file} cannot be read: {reason}. `labelbot exports verify` checks a folder."""


def read_rows(folder: Path, manifest: WrittenManifest, config: str) -> Iterator[tuple[str, Row]]:
    """Yield the rows of a table with the key of their item, split by split.

    Files of a format that have some columns each, such as OpenAI's, are read side by side.

    Raises:
        IncomparableFormatError: the rows do not name their items.
        MissingDataError, UnreadableDataError: a data file is missing or broken.
    """
    for names in _files_by_split(manifest, config):
        for row in _read_split([folder / name for name in names]):
            key = _item_of(row)
            if key is None:
                raise IncomparableFormatError(format=manifest.format)
            yield key, row


def _files_by_split(manifest: WrittenManifest, config: str) -> Iterator[list[str]]:
    """Yield the files of each split that have all columns together: one if one has all.

    The manifest lists the files of a split one after the other, in the order of the format.
    """
    files = manifest.files_of(config)
    try:
        of_format = format_named(manifest.format).files if not config else (TYPED_FILE,)
    except NotFoundError:
        raise IncomparableFormatError(format=manifest.format) from None
    if len(files) % len(of_format):
        raise IncomparableFormatError(format=manifest.format)
    complete = [place for place, file in enumerate(of_format) if not file.columns]
    typed = [place for place in complete if of_format[place] == TYPED_FILE]
    chosen = (typed or complete)[:1] or range(len(of_format))
    for start in range(0, len(files), len(of_format)):
        yield [files[start + place].name for place in chosen]


def _read_split(paths: Sequence[Path]) -> Iterator[Row]:
    for path in paths:
        if not path.is_file():
            raise MissingDataError(file=path)
    try:
        readers = [_read_file(path) for path in paths]
        for parts in zip(*readers, strict=True):
            yield {name: cell for part in parts for name, cell in part.items()}
    except BROKEN_FILE as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UnreadableDataError(file=paths[0], reason=reason) from None


def _read_file(path: Path) -> Iterator[Row]:
    read = _READERS.get(path.suffix)
    if read is None:
        message = f"“{path.suffix}” is no type of data file"
        raise ValueError(message)
    return read(path)


def _read_parquet(path: Path) -> Iterator[Row]:
    with pq.ParquetFile(path) as parquet:
        for batch in parquet.iter_batches():
            yield from batch.to_pylist()


def _read_json_lines(path: Path) -> Iterator[Row]:
    with path.open("rb") as lines:
        yield from map(orjson.loads, lines)


def _read_json(path: Path) -> Iterator[Row]:
    return iter(cast("list[Row]", orjson.loads(path.read_bytes())))


def _read_csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from map(_filled_cells, csv.DictReader(file))


def _read_xlsx(path: Path) -> Iterator[Row]:
    book = load_workbook(path, read_only=True)
    try:
        lines = book.worksheets[0].iter_rows(values_only=True)
        header = [str(name) for name in next(lines, ())]
        for cells in lines:
            yield _filled_cells(dict(zip(header, cells, strict=False)))
    finally:
        book.close()


def _filled_cells(row: Row) -> Row:
    """Return a row of a table for people without its empty cells.

    Such a table has no column without content, so that one answer may add a column to all rows.
    """
    return {name: cell for name, cell in row.items() if cell not in ("", None)}


_READERS: dict[str, Callable[[Path], Iterator[Row]]] = {
    ".parquet": _read_parquet,
    ".jsonl": _read_json_lines,
    ".json": _read_json,
    ".csv": _read_csv,
    ".xlsx": _read_xlsx,
}


def _item_of(row: Row) -> str | None:
    """Return the key of the item of a row, None if it has none.

    It is in the column `item`; Argilla and Label Studio have their own names for it.
    """
    data = row.get("data")
    found = row.get("item") or row.get("id") or (isinstance(data, dict) and data.get("id"))
    return str(found) if found else None
