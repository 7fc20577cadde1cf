"""Rows passed to a statement as one JSON array, which the database itself takes apart.

One parameter then stands for any number of rows. Python neither converts nor binds each value, and
runs other threads while the database works.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

ENTRY = "entry"


def dump_rows(rows: Sequence[object]) -> str:
    """Return values as the JSON array that the statements of this module take as `rows`."""
    return orjson.dumps(rows).decode()


@cache
def insert_from_json(
    dialect: str,
    model: type[SQLModel],
    columns: tuple[str, ...],
    constants: tuple[str, ...],
    unique: tuple[str, ...] = (),
) -> Any:  # noqa: ANN401 - an insert of either dialect
    """Return an INSERT of a JSON array of arrays, each with the values of `columns` in order.

    Columns in `constants` have the same value in all rows: a parameter of their name. Rows whose
    values of `unique` exist are skipped.
    """
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    fixed = [bindparam(name, type_=table.c[name].type) for name in constants]
    values = [_value_at(dialect, table, name, place) for place, name in enumerate(columns)]
    is_any: ColumnElement[bool] = literal_column(
        "1 = 1"
    )  # SQLite takes ON CONFLICT for a join without a WHERE
    query = select(*fixed, *values).select_from(_entries(dialect)).where(is_any)
    insert: Any = INSERTS[dialect](table).from_select([*constants, *columns], query)
    return insert.on_conflict_do_nothing(index_elements=unique) if unique else insert


@cache
def texts_from_json(dialect: str) -> Select[Any]:
    """Return a query of the texts in a JSON array."""
    value = "entry.value" if dialect == "sqlite" else "entry.value #>> '{}'"
    return select(literal_column(value)).select_from(_entries(dialect))


def _entries(dialect: str) -> Any:  # noqa: ANN401 - a function used as a table
    rows = bindparam("rows", type_=Text)
    if dialect == "sqlite":
        return func.json_each(rows).table_valued("value", name=ENTRY)
    entries = func.json_array_elements(cast(rows, JSON)).table_valued("value")
    return entries.render_derived(name=ENTRY)


def _value_at(dialect: str, table: Table, name: str, place: int) -> Any:  # noqa: ANN401 - an expression
    """Return the value at a place of an entry, with the type of its column."""
    if dialect == "sqlite":
        return literal_column(f"json_extract({ENTRY}.value, '$[{place}]')")
    return cast(literal_column(f"{ENTRY}.value ->> {place}"), table.c[name].type)
