"""Formats derived from another format: its rows with some columns replaced by those of a target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.exports.formats.format import Column, ExportRow, Format, LeftOutLabel
from bot.exports.label_record import LabelRecord


@dataclass(frozen=True, slots=True)
class Conversion:
    """How rows of one format become rows of another.

    Attributes:
        replaced: names of the columns that are not kept.
        columns: the columns that come in their place, first in each row.
        convert: returns the cells of `columns` for a row, or why the target cannot express it.
    """

    replaced: tuple[str, ...]
    columns: tuple[Column, ...]
    convert: Callable[[ExportRow], ExportRow | LeftOutLabel]


def derive_format(source: Format, conversion: Conversion) -> Format:
    """Return a format for the same labels, with the same rule of aggregation as `source`.

    If the target cannot express one row of a label, the whole label is left out, so that each
    answer is in the rows or counted.
    """
    kept = tuple(column for column in source.columns if column.name not in conversion.replaced)

    def to_rows(record: LabelRecord) -> Sequence[ExportRow] | LeftOutLabel:
        rows = source.to_rows(record)
        if isinstance(rows, LeftOutLabel):
            return rows
        converted = []
        for row in rows:
            cells = conversion.convert(row)
            if isinstance(cells, LeftOutLabel):
                return cells
            converted.append({**cells, **{column.name: row[column.name] for column in kept}})
        return converted

    return replace(
        source,
        columns=(*conversion.columns, *kept),
        to_rows=to_rows,
        training_code="",
        copies_texts=False,
    )
