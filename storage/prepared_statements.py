"""Statements of the busiest paths: compiled once, run on the driver's own connection.

SQLAlchemy takes 35 microseconds around a statement for which SQLite itself takes two; a click has
four of them. What is left out is only the way there: types, transactions and errors are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Float, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import SessionTransaction
from sqlalchemy.sql import ClauseElement
from sqlmodel import Session, SQLModel

ColumnProcessor = Callable[[Any], Any]

_CONNECTIONS: WeakKeyDictionary[SessionTransaction, tuple[Dialect, Any]] = WeakKeyDictionary()
"""The way to the database of each transaction that is open: a session takes long to find it."""


class PreparedStatement:
    """One statement with named `bindparam`s; call it with their values.

    What the session holds is flushed first, as always. It takes no list of values for an IN.
    """

    def __init__(self, statement: ClauseElement) -> None:
        """Take the statement; it is compiled when it is first used on a kind of database."""
        self._statement = statement
        self._compiled: dict[type[Dialect], _CompiledStatement] = {}

    def rows(self, session: Session, **values: object) -> list[tuple[Any, ...]]:
        """Run it and return the rows.

        Raises:
            DBAPIError: one of its subclasses, as SQLAlchemy would raise it.
        """
        compiled, cursor = self._execute(session, values)
        return [compiled.convert_row(row) for row in cursor.fetchall()]

    def first(self, session: Session, **values: object) -> tuple[Any, ...] | None:
        """Run it and return its only row, None if there is none. Raises as `rows` does."""
        rows = self.rows(session, **values)
        return rows[0] if rows else None

    def run(self, session: Session, **values: object) -> int:
        """Run it and return how many rows it changed. Raises as `rows` does."""
        return int(self._execute(session, values)[1].rowcount)

    def _execute(
        self, session: Session, values: dict[str, object]
    ) -> tuple[_CompiledStatement, Any]:
        session.flush()
        dialect, driver = _driver_connection(session)
        kind = type(dialect)
        compiled = self._compiled.get(kind)
        if compiled is None:
            compiled = self._compiled[kind] = _CompiledStatement(self._statement, dialect)
        return compiled, compiled.execute(driver, values)


def _driver_connection(session: Session) -> tuple[Dialect, Any]:
    """Return the dialect and the driver's connection; they are the transaction's to its end."""
    transaction = session.get_transaction()
    known = _CONNECTIONS.get(transaction) if transaction else None
    if known:
        return known
    connection = session.connection()
    entry = connection.dialect, connection.connection.driver_connection
    if transaction := session.get_transaction():
        _CONNECTIONS[transaction] = entry
    return entry


def column_bindparams(table: type[SQLModel], *, exclude: Collection[str] = ()) -> dict[str, Any]:
    """Return a `bindparam` for each column of a table, for the values of an insert."""
    columns = SQLModel.metadata.tables[str(table.__tablename__)].columns
    return {c.name: bindparam(c.name, type_=c.type) for c in columns if c.name not in exclude}


class _CompiledStatement:
    """A statement for one kind of database, and how values go in and come out."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._errors: Any = dialect.loaded_dbapi.Error
        self._dialect = dialect
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        self._is_positional = compiled.positiontup is not None
        self._names: list[str] = compiled.positiontup or list(binds)
        self._bind_processors: list[tuple[str, ColumnProcessor | None]] = [
            (name, binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in self._names
        ]
        self._constants: dict[str, Any] = compiled.params
        columns = getattr(statement, "exported_columns", ())
        self._result_processors = [
            (place, process)
            for place, column in enumerate(columns)
            if not isinstance(column.type, Float)  # both drivers give a float as it is
            and (process := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def execute(self, driver: Any, values: dict[str, object]) -> Any:  # noqa: ANN401 - they are the driver's
        parameters = {**self._constants, **values}
        converted = [
            convert(parameters[name]) if convert else parameters[name]
            for name, convert in self._bind_processors
        ]
        arguments = (
            converted if self._is_positional else dict(zip(self._names, converted, strict=True))
        )
        try:
            return driver.execute(self.text, arguments)
        except self._errors as error:
            raise DBAPIError.instance(
                self.text,
                converted,
                error,
                self._errors,
                hide_parameters=True,
                dialect=self._dialect,
            ) from error

    def convert_row(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        if not self._result_processors:
            return row
        converted = list(row)
        for position, process in self._result_processors:
            converted[position] = process(converted[position])
        return tuple(converted)
