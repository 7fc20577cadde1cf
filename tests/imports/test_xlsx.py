"""XLSX: a real workbook reads as the same table in CSV would."""

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


def packed(*lines: Sequence[object]) -> bytes:
    """Return a workbook with these rows in its first sheet, as bytes."""
    file = BytesIO()
    book = import_module("openpyxl").Workbook()
    for line in lines:
        book.active.append(list(line))
    book.create_sheet("Notes").append(["not", "this"])
    book.save(file)
    return file.getvalue()


def workbook(path: Path, *lines: Sequence[object]) -> Path:
    """Write a workbook with these rows in its first sheet."""
    path.write_bytes(packed(*lines))
    return path


def test_cells_are_read_as_what_they_show(tmp_path: Path) -> None:
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


def test_a_row_with_too_much_in_it_is_bad(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", ["prompt"], ["Why?", "stray"], ["So?"])
    bad, good = read_xlsx(path)
    assert isinstance(bad, InvalidRow)
    assert bad.line == 2
    assert "more cells than the 1 columns" in bad.reason
    assert good == Row(3, {"prompt": "So?"})


def test_formatted_cells_beside_the_table_are_no_columns(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", ["prompt", "", None], ["Why?", None, ""])
    assert list(read_xlsx(path)) == [Row(2, {"prompt": "Why?"})]


@pytest.mark.parametrize(
    ("header", "said"), [(["a", "a"], "twice"), (["a", "", "b"], "column 2 of its header")]
)
def test_a_header_names_every_column_once(tmp_path: Path, header: list[str], said: str) -> None:
    path = workbook(tmp_path / "x.xlsx", header, ["x"] * len(header))
    with pytest.raises(UnreadableFileError, match=said):
        list(read_xlsx(path))


def test_an_empty_workbook_has_no_rows(tmp_path: Path) -> None:
    assert list(read_xlsx(workbook(tmp_path / "x.xlsx"))) == []


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"prompt,a,b")
    with pytest.raises(UnreadableFileError, match="no XLSX workbook"):
        list(read_xlsx(path))
    with ZipFile(path, "w") as packed:
        packed.writestr("hello.txt", "hello")
    with pytest.raises(UnreadableFileError, match="no XLSX workbook"):
        list(read_xlsx(path))


def test_a_small_file_that_unpacks_to_gigabytes_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    block = b"0" * 10_000_000
    archive = ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1)
    with archive as packed, packed.open("sheet.xml", "w") as part:
        for _ in range(MAX_UNPACKED_BYTES // len(block) + 1):
            part.write(block)
    assert path.stat().st_size < MAX_UNPACKED_BYTES / 100
    with pytest.raises(UnreadableFileError, match="unpacks to more than 500 MB"):
        list(read_xlsx(path))
