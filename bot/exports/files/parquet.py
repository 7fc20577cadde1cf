"""Parquet writer: the rows with typed columns. Only exports import it, because pyarrow is large."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.json as pj
import pyarrow.parquet as pq

from bot.exports.files.media_cells import MEDIA_TYPE, with_media
from bot.exports.files.media_loader import MEDIA_TYPES, MediaLoader, no_media
from bot.exports.formats.format import Column
from bot.exports.json_lines import read_batch

ARROW_TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "texts": pa.list_(pa.string()),
    "integers": pa.list_(pa.int64()),
    "numbers": pa.list_(pa.float64()),
}


def write(
    lines: Path, columns: Sequence[Column], target: Path, load_media: MediaLoader = no_media
) -> None:
    """Write the rows in `lines` as Parquet, with the files that `load_media` returns."""
    with lines.open("rb") as source:
        write_batches(iter(lambda: read_batch(source), b""), columns, target, load_media)


def write_batches(
    batches: Iterator[bytes],
    columns: Sequence[Column],
    target: Path,
    load_media: MediaLoader = no_media,
) -> None:
    """Write batches of rows, each as a row group or several.

    Without rows the file has no row group, because `datasets` fails on an empty one.
    """
    schema = pa.schema([(column.name, arrow_type(column)) for column in columns])
    read_schema = pa.schema([(column.name, _read_type(column)) for column in columns])
    media = [column.name for column in columns if column.type in MEDIA_TYPES]
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in batches:
            table = _read_table(batch, read_schema)
            del batch  # the next one is read while this variable would keep it
            for part in with_media(table, media, load_media):
                writer.write_table(part)


def arrow_type(column: Column) -> pa.DataType:
    """Return the type of a complete column in Parquet."""
    if column.type in ("message", "messages", "conversations"):
        keys = ("role", "content", *column.message_keys)
        message = pa.struct([(key, pa.string()) for key in keys])
        lists = {"message": message, "messages": pa.list_(message)}
        return lists.get(column.type) or pa.list_(pa.list_(message))
    if column.type in MEDIA_TYPES:
        return MEDIA_TYPE
    if column.type != "scores":
        return ARROW_TYPES[column.type]
    if not column.criteria:
        return pa.null()  # Parquet has no struct without fields
    return pa.struct([(criterion, pa.float64()) for criterion in column.criteria])


def _read_type(column: Column) -> pa.DataType:
    """Return the type of a column in JSON, where media are references."""
    return pa.list_(pa.string()) if column.type in MEDIA_TYPES else arrow_type(column)


def _read_table(rows: bytes, schema: pa.Schema) -> pa.Table:
    """Read JSON Lines as one block; the explicit schema prevents type inference."""
    return pj.read_json(
        pa.BufferReader(rows),
        read_options=pj.ReadOptions(use_threads=False, block_size=len(rows) + 1),
        parse_options=pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
    )
