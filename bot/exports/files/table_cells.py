"""Rows as cells of a table for people: flat columns, and texts that no program takes for a formula.

Excel and others calculate a cell that begins with one of a few characters, so a text could run
commands or send data (https://owasp.org/www-community/attacks/CSV_Injection). Such a text gets an
apostrophe before it. Carriage returns and NUL, which CSV readers change, are written as in XLSX:
`_x000D_`. Both can be undone without loss: see `bot.imports.shapes.target_formats`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast

import orjson

from bot.exports.formats.format import Column

TableCell: TypeAlias = str | int | float

FORMULA_START = re.compile("'*[=+\\-@\t\n\r\uff1d\uff0b\uff0d\uff20]")
"""How a text begins that could be a formula, or that has an apostrophe before such a beginning."""

ESCAPED_CHARACTER = re.compile("[\r\0]|_(?=x[0-9A-Fa-f]{4}_)")

EMPTY_CELLS = ("", "[]", "{}")
"""Texts without content. A column with nothing else is not written."""


def escape_text(text: str) -> str:
    """Return a text as it is written into a cell."""
    escaped = ESCAPED_CHARACTER.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return f"'{escaped}" if FORMULA_START.match(text) else escaped


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table: its header, and what returns its cell of a row."""

    header: str
    cell_of: Callable[[Mapping[str, object]], TableCell]


def table_columns(lines: Path, columns: Sequence[Column]) -> list[TableColumn]:
    """Return the columns of a table with rows in `lines`, those without content left out.

    A column of scores becomes one for each criterion, a list one for each place.
    """
    sizes = {column.name: 0 for column in columns}
    for row in read_rows(lines):
        for name, size in sizes.items():
            sizes[name] = max(size, _size_of(row[name]))
    return [made for column in columns for made in _columns_of(column, sizes[column.name])]


def read_rows(lines: Path) -> Iterator[Mapping[str, object]]:
    """Yield the rows in a file of JSON Lines, one at a time."""
    with lines.open("rb") as source:
        for line in source:
            yield orjson.loads(line)


def _size_of(cell: object) -> int:
    """Return how many entries a list has; 0 for a text without content, else 1."""
    return len(cell) if isinstance(cell, list) else int(cell not in EMPTY_CELLS)


def _columns_of(column: Column, size: int) -> Iterator[TableColumn]:
    if column.type == "scores":
        for criterion in column.criteria:
            yield TableColumn(f"{column.name}.{criterion}", _score_of(column.name, criterion))
    elif column.type in ("texts", "integers"):
        for place in range(size):
            yield TableColumn(f"{column.name}.{place + 1}", _entry_of(column.name, place))
    elif size:
        yield TableColumn(column.name, lambda row: _to_cell(row[column.name]))


def _score_of(name: str, criterion: str) -> Callable[[Mapping[str, object]], TableCell]:
    return lambda row: cast("Mapping[str, float]", row[name]).get(criterion, "")


def _entry_of(name: str, place: int) -> Callable[[Mapping[str, object]], TableCell]:
    def cell_of(row: Mapping[str, object]) -> TableCell:
        entries = cast("Sequence[object]", row[name])
        return _to_cell(entries[place]) if place < len(entries) else ""

    return cell_of


def _to_cell(value: object) -> TableCell:
    return escape_text(value) if isinstance(value, str) else cast("TableCell", value)
