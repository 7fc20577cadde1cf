"""XLSX reader: one sheet of a workbook; its first row with several cells is the header.

Every cell is read as the text that it shows. The unpacked size is checked before a workbook is
opened, because a small file may unpack to gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from importlib import import_module
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

from bot.imports.readers.cell_format import format_cell
from bot.imports.readers.csv_dialect import is_phrase
from bot.imports.readers.csv_tsv import header_flaw
from bot.imports.readers.source import FileSource
from bot.imports.row import (
    InvalidRow,
    ReadRow,
    Row,
    RowWarning,
    UnreadableFileError,
    quote_name,
)

NOT_A_WORKBOOK = "it is not an XLSX workbook"

MAX_UNPACKED_BYTES = 500_000_000
"""Largest unpacked size of a workbook."""

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""A character that XML cannot contain, as a workbook stores it."""

ERROR_TYPE = "e"
"""openpyxl's type of a cell that shows an error such as #REF!."""


def read_xlsx(source: FileSource) -> Iterator[ReadRow]:
    """Yield the rows of the named sheet, else of the first visible one; empty rows are skipped.

    Raises:
        UnreadableFileError: the file is not a workbook or unpacks to more than
            `MAX_UNPACKED_BYTES`, there is no such sheet, or a column name is missing or duplicate.
    """
    with source.open_seekable() as stream:
        _reject_non_workbook(source.name, stream)
        with closing(_open_workbook(source.name, stream)) as book:
            sheet = _choose_sheet(source, book)
            sheet.reset_dimensions()  # some programs write a wrong size
            yield from _warn_of_other_sheets(source, book, sheet)
            yield from _read_rows(source.name, sheet.iter_rows())


def _reject_non_workbook(name: str, stream: BinaryIO) -> None:
    try:
        with ZipFile(stream) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (OSError, BadZipFile) as error:
        raise UnreadableFileError(name=name, reason=NOT_A_WORKBOOK) from error
    if size > MAX_UNPACKED_BYTES:
        reason = f"it unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB; save it as CSV"
        raise UnreadableFileError(name=name, reason=reason)


def _open_workbook(name: str, stream: BinaryIO) -> Any:  # noqa: ANN401 - openpyxl ships no types
    # Imported on first use: it takes 10 MB of memory, and most files have another format.
    openpyxl = import_module("openpyxl")
    stream.seek(0)
    try:
        return openpyxl.load_workbook(stream, read_only=True, data_only=True)
    except Exception as error:  # openpyxl lets KeyError, ValueError and ParseError through
        raise UnreadableFileError(name=name, reason=NOT_A_WORKBOOK) from error


def _choose_sheet(source: FileSource, book: Any) -> Any:  # noqa: ANN401 - openpyxl ships no types
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    name = source.options.sheet
    if name is None:
        return (visible or book.worksheets)[0]
    chosen = next((sheet for sheet in book.worksheets if sheet.title == name), None)
    if chosen is None:
        names = ", ".join(quote_name(sheet.title) for sheet in book.worksheets)
        reason = f"it has no sheet {quote_name(name)}; its sheets are {names}"
        raise UnreadableFileError(name=source.name, reason=reason)
    return chosen


def _warn_of_other_sheets(source: FileSource, book: Any, sheet: Any) -> Iterator[RowWarning]:  # noqa: ANN401 - openpyxl ships no types
    others = [other for other in book.worksheets if other.title != sheet.title]
    if not others or source.options.sheet is not None:
        return
    names = ", ".join(
        f"{quote_name(other.title)}{' (hidden)' * (other.sheet_state != 'visible')}"
        for other in others
    )
    reason = f"only the sheet {quote_name(sheet.title)} is imported; the others are {names}"
    yield RowWarning(0, reason)


def _read_rows(name: str, rows: Iterator[Sequence[Any]]) -> Iterator[ReadRow]:
    header: list[str] | None = None
    title = ""
    for number, cells in enumerate(rows, start=1):
        values = [_cell_text(cell) for cell in cells]
        filled = [value for value in values if value.strip()]
        if not filled:
            continue
        if header is not None:
            yield _find_error(number, cells) or _build_row(header, number, values)
        elif len(filled) == 1 and not title and is_phrase(filled[0]):
            title, title_number, title_values = filled[0], number, values
        elif title and len(filled) == 1:
            header = _parse_header(name, title_values)
            yield _find_error(number, cells) or _build_row(header, number, values)
        else:
            header = _parse_header(name, values)
            if title:
                reason = f"the title {quote_name(title)} above the header is skipped"
                yield RowWarning(title_number, reason)


def _parse_header(name: str, values: list[str]) -> list[str]:
    names = [value.strip() for value in values]
    while names and not names[-1]:  # empty but formatted cells to the right of the table
        names.pop()
    if reason := header_flaw(names):
        raise UnreadableFileError(name=name, reason=reason)
    return names


def _find_error(number: int, cells: Sequence[Any]) -> InvalidRow | None:
    error = next((cell for cell in cells if getattr(cell, "data_type", "") == ERROR_TYPE), None)
    if error is None:
        return None
    return InvalidRow(number, f"the cell {error.coordinate} shows the error {error.value}")


def _build_row(header: list[str], number: int, values: list[str]) -> Row | InvalidRow:
    if any(value.strip() for value in values[len(header) :]):
        return InvalidRow(number, f"the row has more cells than the header ({len(header)})")
    padded = values[: len(header)] + [""] * (len(header) - len(values))
    return Row(number, dict(zip(header, padded, strict=True)))


def _cell_text(cell: Any) -> str:  # noqa: ANN401 - openpyxl ships no types
    value = cell.value
    if isinstance(value, str):
        return ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
    return "" if value is None else format_cell(value, cell.number_format)
