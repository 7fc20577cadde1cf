"""The condition that a column has one of many values.

All values are one parameter, so the statement is the same for any number of them, and the driver
binds one value instead of thousands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Text, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

PARAMETER = "listed"


def is_listed(session: Session, column: Any) -> ColumnElement[bool]:  # noqa: ANN401 - SQLModel types columns as their values
    """Return the condition that a column has one of the texts or whole numbers in `listed`.

    PostgreSQL gets an array, for which it always uses the index of the column. It guesses the
    number of rows of any other list, and then may read the whole table for each.
    """
    if _is_sqlite(session):
        values = func.json_each(bindparam(PARAMETER, type_=Text)).table_valued("value")
        return col(column).in_(select(values.c.value))
    return col(column) == any_(bindparam(PARAMETER, type_=ARRAY(column.type)))


def bind_values(session: Session, values: Sequence[str] | Sequence[int]) -> dict[str, object]:
    """Return the parameter of a statement with `is_listed`."""
    return {PARAMETER: orjson.dumps(values).decode() if _is_sqlite(session) else list(values)}


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
