"""XLSX importer: cells as text, invalid rows and headers, files that are rejected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from importlib import import_module
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from bot.imports import read_rows
from bot.imports.row import InvalidRow, Row, UnreadableFileError
from bot.imports.xlsx import MAX_UNPACKED_BYTES, read_xlsx


def workbook_bytes(*rows: Sequence[object]) -> bytes:
    """Return a workbook with these rows in its first sheet, as bytes."""
    file = BytesIO()
    book = import_module("openpyxl").Workbook()
    for row in rows:
        book.active.append(list(row))
    book.create_sheet("Notes").append(["not", "this"])
    book.save(file)
    return file.getvalue()


def workbook(path: Path, *rows: Sequence[object]) -> Path:
    """Write a workbook with these rows in its first sheet."""
    path.write_bytes(workbook_bytes(*rows))
    return path


def test_cells_are_read_as_text(tmp_path: Path) -> None:
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=UTC).replace(tzinfo=None)
    path = workbook(
        tmp_path / "pairs.xlsx",
        ["prompt", "a", "b", "c", "d"],
        ["naïve 🙂", 5, 2.5, date(2026, 3, 2), moment],
        [],
        ["two\nlines", True, None, "", "=1+1"],
    )
    first, second = read_rows(path)
    assert first == Row(
        2,
        {"prompt": "naïve 🙂", "a": "5", "b": "2.5", "c": "2026-03-02", "d": "2026-03-02T09:30:00"},
    )
    assert isinstance(second, Row)
    assert second.line == 4
    assert second.fields["prompt"] == "two\nlines"
    assert second.fields["b"] == ""


def test_row_with_more_cells_than_the_header_is_invalid(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", ["prompt"], ["Why?", "stray"], ["So?"])
    invalid, valid = read_xlsx(path)
    assert invalid == InvalidRow(2, "the row has more cells than the header (1)")
    assert valid == Row(3, {"prompt": "So?"})


def test_empty_cells_right_of_the_header_are_ignored(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", ["prompt", "", None], ["Why?", None, ""])
    assert list(read_xlsx(path)) == [Row(2, {"prompt": "Why?"})]


@pytest.mark.parametrize(
    ("header", "reason"), [(["a", "a"], "twice"), (["a", "", "b"], "column 2 has no name")]
)
def test_header_must_name_every_column_once(tmp_path: Path, header: list[str], reason: str) -> None:
    path = workbook(tmp_path / "x.xlsx", header, ["x"] * len(header))
    with pytest.raises(UnreadableFileError, match=reason):
        list(read_xlsx(path))


def test_empty_workbook_has_no_rows(tmp_path: Path) -> None:
    assert list(read_xlsx(workbook(tmp_path / "x.xlsx"))) == []


def test_file_that_is_not_a_workbook_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"prompt,a,b")
    with pytest.raises(UnreadableFileError, match="not an XLSX workbook"):
        list(read_xlsx(path))
    with ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(UnreadableFileError, match="not an XLSX workbook"):
        list(read_xlsx(path))


def test_zip_bomb_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    block = b"0" * 10_000_000
    archive = ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1)
    with archive, archive.open("sheet.xml", "w") as member:
        for _ in range(MAX_UNPACKED_BYTES // len(block) + 1):
            member.write(block)
    assert path.stat().st_size < MAX_UNPACKED_BYTES / 100
    with pytest.raises(UnreadableFileError, match="unpacks to more than 500 MB"):
        list(read_xlsx(path))
