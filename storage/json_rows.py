"""Values passed to a statement as one JSON array, which the database itself takes apart.

One parameter then stands for any number of values. Python neither converts nor binds each value,
and runs other threads while the database works.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
from sqlalchemy import JSON, Select, Text, bindparam, cast, func, literal_column, select

ENTRY = "entry"


def dump_json(value: object) -> str:
    """Return a value as JSON text, as columns store it and statements take an array of values."""
    return orjson.dumps(value).decode()


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
