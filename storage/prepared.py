"""Statements of the busiest paths: compiled once, run on the driver's own connection.

SQLAlchemy takes 35 microseconds around a statement for which SQLite itself takes two; a click has
four of them. What is left out is only the way there: types, transactions and errors are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement
from sqlmodel import Session, SQLModel

Convert = Callable[[Any], Any]


class Prepared:
    """One statement with named `bindparam`s; call it with their values.

    What the session holds is flushed first, as always. It takes no list of values for an IN.
    """

    def __init__(self, statement: ClauseElement) -> None:
        """Take the statement; it is compiled when it is first used on a kind of database."""
        self._statement = statement
        self._compiled: WeakKeyDictionary[Dialect, _Compiled] = WeakKeyDictionary()

    def rows(self, session: Session, **values: object) -> list[tuple[Any, ...]]:
        """Run it and return the rows.

        Raises:
            DBAPIError: one of its subclasses, as SQLAlchemy would raise it.
        """
        compiled, cursor = self._run(session, values)
        return [compiled.row(row) for row in cursor.fetchall()]

    def first(self, session: Session, **values: object) -> tuple[Any, ...] | None:
        """Run it and return its only row, None if there is none. Raises as `rows` does."""
        rows = self.rows(session, **values)
        return rows[0] if rows else None

    def run(self, session: Session, **values: object) -> int:
        """Run it and return how many rows it changed. Raises as `rows` does."""
        return int(self._run(session, values)[1].rowcount)

    def _run(self, session: Session, values: dict[str, object]) -> tuple[_Compiled, Any]:
        session.flush()
        connection = session.connection()
        compiled = self._compiled.get(connection.dialect)
        if compiled is None:
            compiled = _Compiled(self._statement, connection.dialect)
            self._compiled[connection.dialect] = compiled
        return compiled, compiled.run(connection.connection.driver_connection, values)


def every_column(table: type[SQLModel], *, but: Collection[str] = ()) -> dict[str, Any]:
    """Return a `bindparam` for each column of a table, for the values of an insert."""
    columns = SQLModel.metadata.tables[str(table.__tablename__)].columns
    return {c.name: bindparam(c.name, type_=c.type) for c in columns if c.name not in but}


class _Compiled:
    """A statement for one kind of database, and how values go in and come out."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._errors: Any = dialect.loaded_dbapi.Error
        self._dialect = dialect
        self._order: list[str] | None = compiled.positiontup
        self._constants: dict[str, Any] = compiled.params
        self._in = {
            name: process
            for bind, name in compiled.bind_names.items()
            if (process := bind.type.dialect_impl(dialect).bind_processor(dialect))
        }
        columns = getattr(statement, "exported_columns", ())
        self._out = [
            (place, process)
            for place, column in enumerate(columns)
            if (process := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def run(self, driver: Any, values: dict[str, object]) -> Any:  # noqa: ANN401 - they are the driver's
        taken = {**self._constants, **values}
        for name, process in self._in.items():
            taken[name] = process(taken[name])
        given = taken if self._order is None else [taken[name] for name in self._order]
        try:
            return driver.execute(self.text, given)
        except self._errors as error:
            raise DBAPIError.instance(
                self.text, taken, error, self._errors, dialect=self._dialect
            ) from error

    def row(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        if not self._out:
            return row
        made = list(row)
        for place, process in self._out:
            made[place] = process(made[place])
        return tuple(made)
