"""Importer registry: every file type is read, and values that cannot be stored are rejected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import NotFoundError
from bot.imports.readers import READERS, read_rows
from bot.imports.row import InvalidRow, Row, RowWarning
from tests.imports.readers.test_parquet import parquet_bytes
from tests.imports.readers.test_xlsx import workbook_bytes

FileOf = Callable[[str, str | bytes], Path]

ONE_ROW: dict[str, str | bytes] = {
    ".jsonl": '{"id": "1", "text": "a"}',
    ".ndjson": '{"id": "1", "text": "a"}',
    ".json": '[{"id": "1", "text": "a"}]',
    ".csv": "id,text\n1,a",
    ".tsv": "id\ttext\n1\ta",
    ".parquet": parquet_bytes([{"id": "1", "text": "a"}]),
    ".xlsx": workbook_bytes(["id", "text"], ["1", "a"]),
}
NUL_ROW = {
    ".jsonl": '{"id": "1", "text": "a\\u0000b, and more so that it is text"}',
    ".ndjson": '{"id": "1", "text": "a\\u0000b, and more so that it is text"}',
    ".csv": "id,text\n1,a\0b",
    ".tsv": "id\ttext\n1\ta\0b",
}
"""A workbook cannot contain a NUL character: it is XML."""


@pytest.mark.parametrize("extension", READERS)
def test_every_importer_reads_a_row(file_of: FileOf, extension: str) -> None:
    path = file_of(f"items{extension.upper()}", ONE_ROW[extension])
    (row,) = (row for row in read_rows(path) if not isinstance(row, RowWarning))
    assert isinstance(row, Row)
    assert row.fields == {"id": "1", "text": "a"}


@pytest.mark.parametrize("extension", NUL_ROW)
def test_no_importer_accepts_values_that_cannot_be_stored(file_of: FileOf, extension: str) -> None:
    (row,) = read_rows(file_of(f"items{extension}", NUL_ROW[extension]))
    assert isinstance(row, InvalidRow)
    assert row.reason == "the column “text” contains a NUL character"


@pytest.mark.parametrize("name", ["items.xls", "items", "items.txt", "items.jsonl.bz2"])
def test_unknown_extension_error_lists_supported_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        list(read_rows(tmp_path / name))
    assert f"“{name}”" in str(caught.value)
    assert ", ".join(READERS) in str(caught.value)
