"""XLSX importer: the first sheet of a workbook; its first non-empty row is the header.

Every cell is read as text. The unpacked size is checked before a workbook is opened, because a
small file may unpack to gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from importlib import import_module
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from bot.imports.csv_tsv import header_flaw
from bot.imports.row import InvalidRow, Row, UnreadableFileError

NOT_A_WORKBOOK = "it is not an XLSX workbook"

MAX_UNPACKED_BYTES = 500_000_000
"""Largest unpacked size of a workbook."""


def read_xlsx(path: Path) -> Iterator[Row | InvalidRow]:
    """Yield the rows of a workbook's first sheet; empty rows are skipped.

    Raises:
        UnreadableFileError: the file is not a workbook or unpacks to more than
            `MAX_UNPACKED_BYTES`, or a column name is missing or duplicate.
    """
    _reject_non_workbook(path)
    with closing(_open_workbook(path)) as book:
        yield from _read_rows(path.name, book.worksheets[0].iter_rows(values_only=True))


def _reject_non_workbook(path: Path) -> None:
    try:
        with ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (OSError, BadZipFile) as error:
        raise UnreadableFileError(name=path.name, reason=NOT_A_WORKBOOK) from error
    if size > MAX_UNPACKED_BYTES:
        reason = f"it unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB; save it as CSV"
        raise UnreadableFileError(name=path.name, reason=reason)


def _open_workbook(path: Path) -> Any:  # noqa: ANN401 - openpyxl ships no types
    # Imported on first use: it takes 10 MB of memory, and most files have another format.
    openpyxl = import_module("openpyxl")
    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl lets KeyError, ValueError and ParseError through
        raise UnreadableFileError(name=path.name, reason=NOT_A_WORKBOOK) from error


def _read_rows(name: str, rows: Iterator[Sequence[object]]) -> Iterator[Row | InvalidRow]:
    header: list[str] | None = None
    for number, cells in enumerate(rows, start=1):
        values = [_cell_text(cell) for cell in cells]
        if not any(value.strip() for value in values):
            continue
        if header is None:
            header = _parse_header(name, values)
        else:
            yield _build_row(header, number, values)


def _parse_header(name: str, values: list[str]) -> list[str]:
    names = [value.strip() for value in values]
    while names and not names[-1]:  # empty but formatted cells to the right of the table
        names.pop()
    if reason := header_flaw(names):
        raise UnreadableFileError(name=name, reason=reason)
    return names


def _build_row(header: list[str], number: int, values: list[str]) -> Row | InvalidRow:
    if any(value.strip() for value in values[len(header) :]):
        return InvalidRow(number, f"the row has more cells than the header ({len(header)})")
    padded = values[: len(header)] + [""] * (len(header) - len(values))
    return Row(number, dict(zip(header, padded, strict=True)))


def _cell_text(cell: object) -> str:
    """Return the text of a cell: "5" instead of "5.0", a date without a time of midnight."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
