"""Parquet: the rows with the types of their columns. The only module that knows pyarrow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.json as pj
import pyarrow.parquet as pq

from bot.exports.formats.format import Column

BATCH_BYTES = 4 * 1024 * 1024
"""Bytes of rows in memory at a time. A batch becomes a row group, so the same rows always give the
same bytes."""

MESSAGES_TYPE = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
ARROW_TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "messages": MESSAGES_TYPE,
    "texts": pa.list_(pa.string()),
    "integers": pa.list_(pa.int64()),
    "conversations": pa.list_(MESSAGES_TYPE),
}


def write(lines: Path, columns: Sequence[Column], target: Path) -> None:
    """Write the rows in `lines` as Parquet.

    Without rows there is no row group either: `datasets` fails on an empty one.
    """
    schema = pa.schema([(column.name, _arrow_type(column)) for column in columns])
    with lines.open("rb") as source, pq.ParquetWriter(target, schema, compression="zstd") as writer:
        while batch := source.readlines(BATCH_BYTES):
            writer.write_table(_read_table(b"".join(batch), schema))


def _arrow_type(column: Column) -> pa.DataType:
    if column.type != "scores":
        return ARROW_TYPES[column.type]
    if not column.criteria:
        return pa.null()  # Parquet has no struct without fields
    return pa.struct([(part, pa.int64()) for part in column.criteria])


def _read_table(rows: bytes, schema: pa.Schema) -> pa.Table:
    """Read JSON Lines as one block; with a schema given, nothing is guessed from the rows."""
    return pj.read_json(
        pa.BufferReader(rows),
        read_options=pj.ReadOptions(use_threads=False, block_size=len(rows) + 1),
        parse_options=pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
    )
