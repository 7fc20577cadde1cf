"""Groups of rows, and the first rows of a long file."""

from __future__ import annotations

from collections.abc import Iterator

from bot.imports.groups import RowGroup, first_rows, group_rows
from bot.imports.row import ReadRow, Row, RowWarning

ROWS = [Row(line, {"key": key}) for line, key in enumerate("ababcc", start=1)]
WARNING = RowWarning(0, "only the first 4 rows are checked before the import")


def read() -> Iterator[ReadRow]:
    """Read the rows."""
    return iter(ROWS)


def test_group_is_complete_with_its_last_row() -> None:
    groups = [group for group in group_rows(read, "key") if isinstance(group, RowGroup)]
    assert [[row.line for row in group.rows] for group in groups] == [[1, 3], [2, 4], [5, 6]]


def test_first_rows_end_with_a_warning() -> None:
    assert list(first_rows(read, 6)) == ROWS
    assert list(first_rows(read, 4)) == [*ROWS[:4], WARNING]


def test_group_that_is_cut_off_is_left_out() -> None:
    assert list(first_rows(read, 5, "key"))[:-1] == ROWS[:4]
    assert list(first_rows(read, 4, "key")) == [*ROWS[:4], WARNING]
    assert list(first_rows(read, 3, "key"))[:-1] == [ROWS[0], ROWS[2]]
