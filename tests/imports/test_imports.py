"""The importers, by the ending of a file, and the guard that stands behind all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import NotFoundError
from bot.imports import IMPORTERS, read_rows
from bot.imports.row import InvalidRow, Row
from tests.imports.test_xlsx import packed

FileOf = Callable[[str, str | bytes], Path]

ONE_ROW: dict[str, str | bytes] = {
    ".jsonl": '{"id": "1", "text": "a"}',
    ".ndjson": '{"id": "1", "text": "a"}',
    ".csv": "id,text\n1,a",
    ".tsv": "id\ttext\n1\ta",
    ".xlsx": packed(["id", "text"], ["1", "a"]),
}
NUL_ROW = {
    ".jsonl": '{"id": "1", "text": "a\\u0000b, and more so that it is text"}',
    ".ndjson": '{"id": "1", "text": "a\\u0000b, and more so that it is text"}',
    ".csv": "id,text\n1,a\0b",
    ".tsv": "id\ttext\n1\ta\0b",
}
"""A workbook cannot hold one: it is XML."""


@pytest.mark.parametrize("ending", IMPORTERS)
def test_every_importer_reads_a_row(file_of: FileOf, ending: str) -> None:
    (row,) = read_rows(file_of(f"items{ending.upper()}", ONE_ROW[ending]))
    assert isinstance(row, Row)
    assert row.fields == {"id": "1", "text": "a"}


@pytest.mark.parametrize("ending", NUL_ROW)
def test_no_importer_lets_through_what_cannot_be_stored(file_of: FileOf, ending: str) -> None:
    (row,) = read_rows(file_of(f"items{ending}", NUL_ROW[ending]))
    assert isinstance(row, InvalidRow)
    assert row.reason == "its column “text” holds a NUL character"


@pytest.mark.parametrize("name", ["items.xls", "items", "items.jsonl.gz", "items.json"])
def test_an_unknown_ending_is_answered_with_those_that_are_known(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        list(read_rows(tmp_path / name))
    assert f"“{name}”" in str(caught.value)
    assert ", ".join(IMPORTERS) in str(caught.value)
