"""Insertion of many rows with one statement, which runs without Python: other threads go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from itertools import chain, count
from types import MappingProxyType
from typing import Any

import orjson
import sqlalchemy
from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    CursorResult,
    Dialect,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel

from storage.types import UtcDateTime

Row = Sequence[object]

SEQUENCES = sqlalchemy.table("sqlite_sequence", column("name"), column("seq"))
"""SQLite's own table of the largest ids that it gave to tables with AUTOINCREMENT."""

MAX_ROWS = 256
"""Rows of one statement on SQLite, whose limit is 32,766 values.

A longer statement is no faster, and takes more memory for as long as the connection is open.
"""


def dump_json(value: object) -> str:
    """Return a value as the text that a JSON column stores."""
    return orjson.dumps(value).decode()


def time_format(dialect: Dialect) -> Callable[[datetime], object]:
    """Return a function that brings a time into the form in which rows have it."""
    process = UtcDateTime().dialect_impl(dialect).bind_processor(dialect)
    return process or (lambda moment: moment)


@dataclass(frozen=True, slots=True)
class NewRows:
    """Rows to insert.

    Attributes:
        model: the table.
        columns: the columns whose values a row has, in this order.
        rows: texts, numbers, truth values and None as they are stored; JSON is a text, and
            times are in the form that `time_format` gives them.
        constants: columns that have the same value in all rows.
    """

    model: type[SQLModel]
    columns: tuple[str, ...]
    rows: Sequence[Row]
    constants: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def from_columns(
        cls,
        model: type[SQLModel],
        columns: Mapping[str, Sequence[object]],
        constants: Mapping[str, object] = MappingProxyType({}),
    ) -> NewRows:
        """Return rows whose values are given by column."""
        return cls(model, tuple(columns), list(zip(*columns.values(), strict=True)), constants)

    @property
    def table(self) -> Table:
        """Return the table."""
        return SQLModel.metadata.tables[str(self.model.__tablename__)]


def insert_rows(connection: Connection, new: NewRows) -> None:
    """Insert rows in the transaction of a connection."""
    if connection.dialect.name == "sqlite":
        _insert_on_sqlite(connection, new)
    else:
        _insert_on_postgresql(connection, new)


def insert_missing_rows(
    connection: Connection, new: NewRows, unique: tuple[str, ...]
) -> dict[Any, int]:
    """Insert the rows whose values of the `unique` columns do not exist yet; return their ids.

    The ids are by the value of the first column, in which all rows differ.
    """
    if connection.dialect.name != "sqlite":
        inserted = _insert_on_postgresql(connection, new, unique, (new.columns[0], "id"))
        return dict(tuple(row) for row in inserted)
    table, keys = new.table, [row[0] for row in new.rows]
    first = _next_id(connection, table)
    rows = [(number, *row) for number, row in enumerate(new.rows, first)]
    numbered = replace(new, columns=("id", *new.columns), rows=rows)
    if _insert_on_sqlite(connection, numbered, unique) == len(rows):
        return dict(zip(keys, count(first)))
    query = select(table.c[new.columns[0]], table.c.id).where(table.c.id >= first)
    return dict(tuple(row) for row in connection.execute(query))


def _next_id(connection: Connection, table: Table) -> int:
    """Return the id that SQLite would give to the next row.

    No other process can take it, because SQLite has one writer at a time. Rows get their ids here
    because `RETURNING` takes SQLite a quarter of the time of the whole insertion.
    """
    query = select(func.max(table.c.id))
    if table.dialect_options["sqlite"]["autoincrement"]:  # no id of a deleted row is used again
        query = select(func.max(SEQUENCES.c.seq)).where(SEQUENCES.c.name == table.name)
    return (connection.scalar(query) or 0) + 1


def _insert_on_sqlite(connection: Connection, new: NewRows, unique: tuple[str, ...] = ()) -> int:
    """Insert rows, and return how many are new."""
    table, names = new.table, tuple(new.constants)
    fixed = [_bound(connection.dialect, table, *constant) for constant in new.constants.items()]
    inserted = 0
    for chunk in _split(new.rows):
        statement = _sqlite_insert(table, new.columns, names, len(chunk), unique)
        values = (*fixed, *chain.from_iterable(chunk))
        inserted += connection.exec_driver_sql(statement, values).rowcount
    return inserted


def _insert_on_postgresql(
    connection: Connection,
    new: NewRows,
    unique: tuple[str, ...] = (),
    returning: tuple[str, ...] = (),
) -> CursorResult[Any]:
    names = tuple(new.constants)
    statement = _postgresql_insert(new.table, new.columns, names, unique, returning)
    return connection.execute(statement, {"entries": dump_json(new.rows), **new.constants})


def _split(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Yield the rows in parts whose lengths are powers of two, so that statements are few.

    SQLite prepares each statement once for a connection, and holds it in memory.
    """
    start = 0
    while left := len(rows) - start:
        size = min(MAX_ROWS, 1 << left.bit_length() - 1)
        yield rows[start : start + size]
        start += size


def _bound(dialect: Dialect, table: Table, name: str, value: object) -> object:
    """Return a value as the driver stores it in this column."""
    process = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return process(value) if process else value


@cache
def _sqlite_insert(
    table: Table,
    columns: tuple[str, ...],
    constants: tuple[str, ...],
    rows: int,
    unique: tuple[str, ...],
) -> str:
    """Return an INSERT of so many rows; its first parameters are the constants.

    SQLite takes the rows of a `VALUES` list three times faster than those of a JSON array.
    """
    names = ", ".join((*constants, *columns))
    fixed = [f"?{number}" for number in range(1, len(constants) + 1)]
    row = f"({', '.join([*fixed, *['?'] * len(columns)])})"
    conflict = f" ON CONFLICT ({', '.join(unique)}) DO NOTHING" if unique else ""
    values = ", ".join([row] * rows)
    return f"INSERT INTO {table.name} ({names}) VALUES {values}{conflict}"  # noqa: S608 - names of our tables and columns


@cache
def _postgresql_insert(
    table: Table,
    columns: tuple[str, ...],
    constants: tuple[str, ...],
    unique: tuple[str, ...],
    returning: tuple[str, ...],
) -> Any:  # noqa: ANN401 - an insert of this dialect
    """Return an INSERT of a JSON array of arrays, each with the values of `columns` in order."""
    fixed = [bindparam(name, type_=table.c[name].type) for name in constants]
    values: list[ColumnElement[Any]] = [
        cast(literal_column(f"entry.value ->> {place}"), table.c[name].type)
        for place, name in enumerate(columns)
    ]
    array = cast(bindparam("entries", type_=Text), JSON)
    entries = func.json_array_elements(array).table_valued("value").render_derived(name="entry")
    query = select(*fixed, *values).select_from(entries)
    insert: Any = postgresql.insert(table).from_select([*constants, *columns], query)
    if unique:
        insert = insert.on_conflict_do_nothing(index_elements=unique)
    return insert.returning(*(table.c[name] for name in returning)) if returning else insert
