"""Parquet reader: row groups in batches. Binary values have a description, as JSON has none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from importlib import import_module
from typing import Any

from bot.imports.media_bytes import MediaBytes
from bot.imports.readers.source import FileSource
from bot.imports.row import ReadRow, Row, UnreadableFileError

BATCH_ROWS = 256
"""Rows in memory at a time."""

BATCH_ROWS_OF_FILES = 16
"""The same if the rows contain binary data, such as images."""


def read_parquet(source: FileSource) -> Iterator[ReadRow]:
    """Yield the rows of a Parquet file, counted from 1.

    Raises:
        UnreadableFileError: the file is not in the Parquet format.
    """
    number = 0
    with source.open_seekable() as stream:
        for batch in _batches(source.name, stream):
            for fields in batch.to_pylist():
                number += 1
                yield Row(number, {name: to_json(value) for name, value in fields.items()})


def _batches(name: str, stream: object) -> Iterator[Any]:
    # Imported on first use: it takes much memory, and most files have another format.
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    try:
        file = parquet.ParquetFile(stream)
        has_files = any("binary" in str(field.type) for field in file.schema_arrow)
        yield from file.iter_batches(BATCH_ROWS_OF_FILES if has_files else BATCH_ROWS)
    except (arrow.ArrowException, OSError) as error:
        reason = "it is not a Parquet file, or it is damaged"
        raise UnreadableFileError(name=name, reason=reason) from error


def to_json(value: object) -> object:
    """Return a value as JSON has it: dates as text, bytes with a description of their size."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): to_json(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(part) for part in value]
    if isinstance(value, bytes):
        return MediaBytes(value)
    return _to_scalar(value)


def _to_scalar(value: object) -> object:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)
