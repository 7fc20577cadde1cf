"""Insertion of many rows with one statement, which runs without Python: other threads go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Dialect,
    Table,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel

Row = Sequence[object]

MAX_ROWS = 1_024
"""Rows of one statement on SQLite, whose limit is 32,766 values."""


def dump_json(value: object) -> str:
    """Return a value as the text that a JSON column stores."""
    return orjson.dumps(value).decode()


def insert_rows(  # noqa: PLR0913 - what an INSERT has
    connection: Connection,
    model: type[SQLModel],
    columns: tuple[str, ...],
    rows: Sequence[Row],
    constants: Mapping[str, object],
    *,
    unique: tuple[str, ...] = (),
    returning: tuple[str, ...] = (),
) -> list[Any]:
    """Insert rows; return the `returning` columns of those that are new.

    Args:
        connection: the connection of a transaction.
        model: the table.
        columns: the columns whose values a row has, in this order.
        rows: texts, numbers, truth values and None as they are stored; JSON is a text.
        constants: columns that have the same value in all rows.
        unique: rows whose values of these columns exist are skipped.
        returning: columns to return.
    """
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    if connection.dialect.name != "sqlite":
        query = _postgresql_insert(table, columns, tuple(constants), unique, returning)
        result = connection.execute(query, {"entries": dump_json(rows), **constants})
        return list(result) if returning else []
    fixed = [_bound(connection.dialect, table, name, value) for name, value in constants.items()]
    inserted: list[Any] = []
    for chunk in _split(rows):
        statement = _sqlite_insert(table, columns, tuple(constants), len(chunk), unique, returning)
        result = connection.exec_driver_sql(statement, (*fixed, *chain.from_iterable(chunk)))
        inserted += result.all() if returning else []
    return inserted


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
def _sqlite_insert(  # noqa: PLR0913, PLR0917 - what an INSERT has
    table: Table,
    columns: tuple[str, ...],
    constants: tuple[str, ...],
    rows: int,
    unique: tuple[str, ...],
    returning: tuple[str, ...],
) -> str:
    """Return an INSERT of so many rows; its first parameters are the constants.

    SQLite takes the rows of a `VALUES` list three times faster than those of a JSON array.
    """
    names = ", ".join((*constants, *columns))
    fixed = [f"?{number}" for number in range(1, len(constants) + 1)]
    row = f"({', '.join([*fixed, *['?'] * len(columns)])})"
    conflict = f" ON CONFLICT ({', '.join(unique)}) DO NOTHING" if unique else ""
    result = f" RETURNING {', '.join(returning)}" if returning else ""
    values = ", ".join([row] * rows)
    return f"INSERT INTO {table.name} ({names}) VALUES {values}{conflict}{result}"  # noqa: S608 - names of our tables and columns


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
