"""Parquet reader: values as JSON has them, binary values, files that are rejected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bot.imports.readers import read_rows
from bot.imports.row import Row, UnreadableFileError


def parquet_bytes(rows: Sequence[dict[str, Any]]) -> bytes:
    """Return a Parquet file with these rows, as bytes."""
    file = BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), file, row_group_size=2)
    return file.getvalue()


def test_rows_of_all_row_groups_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(parquet_bytes([{"a": number, "b": ["x", None]} for number in range(5)]))
    assert list(read_rows(path)) == [
        Row(number + 1, {"a": number, "b": ["x", None]}) for number in range(5)
    ]


def test_values_without_json_become_text(tmp_path: Path) -> None:
    row = {
        "at": datetime(2026, 3, 2, tzinfo=UTC),
        "cost": Decimal("1.50"),
        "image": {"bytes": b"12345", "path": "cat.png"},
    }
    path = tmp_path / "x.parquet"
    path.write_bytes(parquet_bytes([row]))
    (read,) = read_rows(path)
    assert isinstance(read, Row)
    assert read.fields == {
        "at": "2026-03-02T00:00:00+00:00",
        "cost": 1.5,
        "image": {"bytes": "5 bytes of binary data", "path": "cat.png"},
    }


@pytest.mark.parametrize("content", [b"", b"id,text", b"PAR1" + b"x" * 50])
def test_file_that_is_not_parquet_is_rejected(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match="not a Parquet file"):
        list(read_rows(path))
