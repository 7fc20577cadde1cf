"""Columns of the imported rows that become columns of an export's rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import orjson

from bot.errors import BotError
from bot.exports.formats.format import Column, ExportRow, Format, LeftOutLabel
from bot.exports.label_record import LabelRecord

PREFIX = "meta_"
"""Begins the name of the column, so that it never equals one of the format."""


class FixedColumnsError(BotError):
    """{format} has only the columns that its readers know, so --meta cannot add any."""


def with_meta_columns(export_format: Format, names: Sequence[str]) -> Format:
    """Return a format whose rows have the named columns of their item as text.

    A value that is no text is written as JSON; a missing one is empty.

    Raises:
        FixedColumnsError: no file of the format has all columns.
    """
    if not names:
        return export_format
    if all(file.columns for file in export_format.files):
        raise FixedColumnsError(format=export_format.name)

    def to_rows(record: LabelRecord) -> Sequence[ExportRow] | LeftOutLabel:
        rows = export_format.to_rows(record)
        if isinstance(rows, LeftOutLabel):
            return rows
        cells: ExportRow = {PREFIX + name: _cell(record.meta.get(name)) for name in names}
        return [{**row, **cells} for row in rows]

    columns = (
        Column(PREFIX + name, "text", f"column “{name}” of the imported row; empty if it has none")
        for name in names
    )
    return replace(export_format, columns=(*export_format.columns, *columns), to_rows=to_rows)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()
