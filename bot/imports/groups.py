"""Groups of rows: all rows with the same value in a column become one row, as in long formats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice

import orjson

from bot.imports.mapping import value_at
from bot.imports.row import InvalidRow, ReadRow, Row, RowWarning, quote_name

DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows with the same value, in their order."""

    rows: tuple[Row, ...]


def group_rows(read: Callable[[], Iterator[ReadRow]], column: str) -> Iterator[RowGroup | ReadRow]:
    """Yield the rows of each group together, as soon as the last one is read.

    The rows are read twice: first to count the groups. So only groups that are not complete yet are
    in memory, which is one if the file is sorted.
    """
    counts = Counter(
        _digest(row, column) for row in read() if isinstance(row, Row) and _has(row, column)
    )
    pending: dict[bytes, list[Row]] = {}
    for row in read():
        if not isinstance(row, Row):
            yield row
        elif not _has(row, column):
            reason = f"the column {quote_name(column)} to group by is missing or blank"
            yield InvalidRow(row.line, reason, row.file)
        else:
            digest = _digest(row, column)
            group = pending.setdefault(digest, [])
            group.append(row)
            counts[digest] -= 1
            if not counts[digest]:
                yield RowGroup(tuple(pending.pop(digest)))


def first_rows(
    read: Callable[[], Iterator[ReadRow]], max_rows: int, group_by: str = ""
) -> Iterator[ReadRow]:
    """Yield the first rows and a warning, if there are more; leave out a group that is cut off."""
    rows = list(islice(read(), max_rows + 1))
    if len(rows) <= max_rows:
        yield from rows
        return
    last = rows.pop()
    cut_off = _digest(last, group_by) if group_by and isinstance(last, Row) else None
    for row in rows:
        if not (cut_off and isinstance(row, Row) and _digest(row, group_by) == cut_off):
            yield row
    yield RowWarning(0, f"only the first {max_rows:,} rows are checked before the import")


def _has(row: Row, column: str) -> bool:
    return value_at(row.fields, column) not in (None, "", [], {})


def _digest(row: Row, column: str) -> bytes:
    value = orjson.dumps(value_at(row.fields, column), option=orjson.OPT_SORT_KEYS)
    return blake2b(value, digest_size=DIGEST_BYTES).digest()


def merge_rows(rows: Sequence[Row], list_columns: Collection[str]) -> dict[str, object]:
    """Return one row: lists in `list_columns`, and in other columns whose values differ."""
    names = dict.fromkeys(name for row in rows for name in row.fields)
    merged: dict[str, object] = {}
    for name in names:
        values = [row.fields.get(name) for row in rows]
        is_same = all(value == values[0] for value in values)
        merged[name] = values[0] if is_same and name not in list_columns else values
    return merged
