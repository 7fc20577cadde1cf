"""XLSX importer: cells as text, invalid rows and headers, files that are rejected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from bot.imports.readers import read_rows
from bot.imports.readers.source import ReadOptions
from bot.imports.readers.xlsx import MAX_UNPACKED_BYTES, read_xlsx
from bot.imports.row import InvalidRow, Row, RowWarning, UnreadableFileError
from tests.imports.conftest import source_of


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
    _warning, first, second = read_rows(path)
    assert first == Row(
        2,
        {"prompt": "naïve 🙂", "a": "5", "b": "2.5", "c": "2026-03-02", "d": "2026-03-02 9:30:00"},
    )
    assert isinstance(second, Row)
    assert second.line == 4
    assert second.fields["prompt"] == "two\nlines"
    assert (second.fields["a"], second.fields["b"]) == ("TRUE", "")


def test_row_with_more_cells_than_the_header_is_invalid(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", ["prompt"], ["Why?", "stray"], ["So?"])
    _warning, invalid, valid = read_xlsx(source_of(path))
    assert invalid == InvalidRow(2, "the row has more cells than the header (1)")
    assert valid == Row(3, {"prompt": "So?"})


def test_empty_cells_right_of_the_header_are_ignored(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", ["prompt", "", None], ["Why?", None, ""])
    assert list(read_xlsx(source_of(path)))[1:] == [Row(2, {"prompt": "Why?"})]


@pytest.mark.parametrize(
    ("header", "reason"), [(["a", "a"], "twice"), (["a", "", "b"], "column 2 has no name")]
)
def test_header_must_name_every_column_once(tmp_path: Path, header: list[str], reason: str) -> None:
    path = workbook(tmp_path / "x.xlsx", header, ["x"] * len(header))
    with pytest.raises(UnreadableFileError, match=reason):
        list(read_xlsx(source_of(path)))


def test_empty_workbook_has_no_rows(tmp_path: Path) -> None:
    assert list(read_xlsx(source_of(workbook(tmp_path / "x.xlsx"))))[1:] == []


def test_file_that_is_not_a_workbook_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"prompt,a,b")
    with pytest.raises(UnreadableFileError, match="not an XLSX workbook"):
        list(read_xlsx(source_of(path)))
    with ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(UnreadableFileError, match="not an XLSX workbook"):
        list(read_xlsx(source_of(path)))


def test_zip_bomb_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    block = b"0" * 10_000_000
    archive = ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1)
    with archive, archive.open("sheet.xml", "w") as member:
        for _ in range(MAX_UNPACKED_BYTES // len(block) + 1):
            member.write(block)
    assert path.stat().st_size < MAX_UNPACKED_BYTES / 100
    with pytest.raises(UnreadableFileError, match="unpacks to more than 500 MB"):
        list(read_xlsx(source_of(path)))


def formatted_workbook(path: Path, **cells: tuple[object, str]) -> Path:
    """Write a workbook with one row of cells with these values and number formats."""
    book = import_module("openpyxl").Workbook()
    book.active.append(list(cells))
    for number, (value, number_format) in enumerate(cells.values(), start=1):
        book.active.cell(2, number, value).number_format = number_format
    book.save(path)
    return path


def test_cells_are_read_as_they_are_shown(tmp_path: Path) -> None:
    path = formatted_workbook(
        tmp_path / "x.xlsx",
        id=(7, "000"),
        share=(0.5, "0 %"),
        day=(date(2026, 3, 1), "dd/mm/yyyy"),
        span=(timedelta(hours=30), "[h]:mm"),
        ready=(True, "General"),
        price=(1234.5, "#,##0.00"),
        third=(1 / 3, "General"),
    )
    (row,) = read_xlsx(source_of(path))
    assert isinstance(row, Row)
    assert list(row.fields.values()) == [
        *("007", "50 %", "01/03/2026", "30:00", "TRUE", "1,234.50", "0.333333333333333"),
    ]


def _rewrite(path: Path, pattern: str, replacement: str) -> Path:
    """Change the first sheet of a workbook as another program would have written it."""
    with ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    members[sheet] = re.sub(pattern, replacement, members[sheet].decode()).encode()
    with ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("dimension", ["", '<dimension ref="A1"/>', '<dimension ref="A1:ZZ9"/>'])
def test_wrong_dimension_loses_no_rows(tmp_path: Path, dimension: str) -> None:
    path = workbook(tmp_path / "x.xlsx", ["a", "b"], *([str(n), "y"] for n in range(5)))
    _rewrite(path, r"<dimension[^>]*/>", dimension)
    rows = [row for row in read_xlsx(source_of(path)) if isinstance(row, Row)]
    assert [row.fields["a"] for row in rows] == ["0", "1", "2", "3", "4"]


def test_escaped_characters_are_decoded(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", ["a", "b"], ["one_x000D_\ntwo", "_x005F_x000D_ _xZZZZ_"])
    row = list(read_xlsx(source_of(path)))[-1]
    assert isinstance(row, Row)
    assert row.fields == {"a": "one\r\ntwo", "b": "_x000D_ _xZZZZ_"}


def test_row_with_an_error_cell_is_invalid(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", ["a", "b"], ["one", "#N/A"], ["two", "three"])
    _warning, invalid, valid = read_xlsx(source_of(path))
    assert invalid == InvalidRow(2, "the cell B2 shows the error #N/A")
    assert isinstance(valid, Row)


def test_hidden_sheet_is_skipped_and_others_are_named(tmp_path: Path) -> None:
    book = import_module("openpyxl").Workbook()
    book.active.title, book.active.sheet_state = "Old", "hidden"
    book.active.append(["a"])
    book.create_sheet("Data").append(["prompt"])
    book["Data"].append(["Why?"])
    book.create_sheet("Notes").append(["not", "this"])
    path = tmp_path / "x.xlsx"
    book.save(path)
    reason = "only the sheet “Data” is imported; the others are “Old” (hidden), “Notes”"
    assert list(read_xlsx(source_of(path))) == [RowWarning(0, reason), Row(2, {"prompt": "Why?"})]
    assert list(read_xlsx(source_of(path, ReadOptions(sheet="Notes")))) == []
    with pytest.raises(UnreadableFileError, match="it has no sheet “Dat”; its sheets are “Old”"):
        list(read_xlsx(source_of(path, ReadOptions(sheet="Dat"))))


def test_title_above_the_header_is_skipped(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", ["Results of May"], [], ["a", "b"], ["1", "2"])
    _sheets, title, row = read_xlsx(source_of(path))
    assert title == RowWarning(1, "the title “Results of May” above the header is skipped")
    assert row == Row(4, {"a": "1", "b": "2"})
