"""XLSX writer: a table for people, on one sheet with a fixed header."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.xml.functions import tostring

from bot.errors import BotError
from bot.exports.files.media_loader import MediaLoader, no_media
from bot.exports.files.table_cells import TableCell, read_rows, table_columns
from bot.exports.formats.format import Column

MAX_ROWS = 1_048_576
"""Rows of a sheet, with the header (Excel specifications and limits)."""

PROPERTIES_FILE = "docProps/core.xml"
"""The part of a workbook that has the time at which it was saved."""

UNWRITABLE = re.compile("[\0-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""Characters that XML cannot contain, and what looks like an escaped one (ECMA-376, ST_Xstring)."""


class TooManyRowsError(BotError):
    """The export has more rows than a sheet of XLSX, {limit:,}; export it as csv."""


def write(
    lines: Path, columns: Sequence[Column], target: Path, _load_media: MediaLoader = no_media
) -> None:
    """Write the rows in `lines` as a workbook; the same rows give the same bytes.

    Raises:
        TooManyRowsError: a sheet cannot have so many rows.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.freeze_panes = "A2"
    made = table_columns(lines, columns)
    sheet.append([_text_cell(sheet, column.header) for column in made])
    for number, row in enumerate(read_rows(lines), start=2):
        if number > MAX_ROWS:
            raise TooManyRowsError(limit=MAX_ROWS)
        sheet.append([_cell(sheet, column.cell_of(row)) for column in made])
    draft = target.with_suffix(".draft")
    book.save(draft)
    _copy_without_times(draft, target)
    draft.unlink()


def _cell(sheet: WriteOnlyWorksheet, value: TableCell) -> TableCell | WriteOnlyCell | None:
    if not isinstance(value, str):
        return value
    return _text_cell(sheet, value) if value else None


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    """Return a cell of text, whatever it looks like: neither a formula nor an error nor a date."""
    cell = WriteOnlyCell(sheet, UNWRITABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", text))
    cell.data_type = "s"
    return cell


def _copy_without_times(source: Path, target: Path) -> None:
    """Copy a workbook without the times at which its parts were written."""
    never = datetime.fromtimestamp(0, UTC).replace(tzinfo=None)
    properties = DocumentProperties(creator="labelbot", created=never, modified=never)
    with ZipFile(source) as archive, ZipFile(target, "w") as copy:
        for name in archive.namelist():
            info = ZipInfo(name)
            info.compress_type = ZIP_DEFLATED
            info.file_size = archive.getinfo(name).file_size  # decides about the 64-bit extension
            with copy.open(info, "w") as file:
                if name == PROPERTIES_FILE:
                    file.write(tostring(properties.to_tree()))
                else:
                    with archive.open(name) as part:
                        shutil.copyfileobj(part, file)
