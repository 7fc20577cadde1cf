"""XLSX: the first sheet of a workbook, its first row the header; each cell is read as a text.

What a workbook unpacks to is looked at before it is opened: a small file may hold gigabytes.
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

MAX_UNPACKED_BYTES = 500_000_000
"""Bytes that a workbook may unpack to."""


def read_xlsx(path: Path) -> Iterator[Row | InvalidRow]:
    """Yield one row after the other of a workbook's first sheet; empty rows are passed over.

    Raises:
        UnreadableFileError: if it is no workbook, unpacks to too much, or its header does not name
            every column once.
    """
    _reject_non_workbook(path)
    with closing(_open_workbook(path)) as book:
        yield from _read_rows(path.name, book.worksheets[0].iter_rows(values_only=True))


def _reject_non_workbook(path: Path) -> None:
    try:
        with ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (OSError, BadZipFile) as error:
        raise UnreadableFileError(name=path.name, reason="it is no XLSX workbook") from error
    if size > MAX_UNPACKED_BYTES:
        reason = f"it unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB; save it as CSV"
        raise UnreadableFileError(name=path.name, reason=reason)


def _open_workbook(path: Path) -> Any:  # noqa: ANN401 - openpyxl ships no types
    # Loaded when it is needed: it takes 10 MB, and most files are of another format.
    openpyxl = import_module("openpyxl")
    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises what it meets: KeyError, ValueError, ParseError
        raise UnreadableFileError(name=path.name, reason="it is no XLSX workbook") from error


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
    while names and not names[-1]:  # formatted cells to the right of the table
        names.pop()
    if reason := header_flaw(names):
        raise UnreadableFileError(name=name, reason=reason)
    return names


def _build_row(header: list[str], number: int, values: list[str]) -> Row | InvalidRow:
    if any(value.strip() for value in values[len(header) :]):
        return InvalidRow(number, f"it has more cells than the {len(header)} columns of the header")
    padded = values[: len(header)] + [""] * (len(header) - len(values))
    return Row(number, dict(zip(header, padded, strict=True)))


def _cell_text(cell: object) -> str:
    """Return what a cell shows: 5, not 5.0; a day without a time of midnight."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
