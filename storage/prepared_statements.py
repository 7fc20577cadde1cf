"""Prepared statements for the hot path: compiled once, executed on the driver's own connection.

SQLAlchemy takes 35 microseconds for a statement that SQLite itself runs in two, and an interaction
has four of them. Only that overhead is skipped: types, transactions and errors are the same.
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
"""The driver connection of each open transaction; looking it up in the session is slow."""


class PreparedStatement:
    """A statement with named `bindparam`s, called with their values.

    The session is flushed first, as SQLAlchemy does. An IN cannot take a list of values.
    """

    def __init__(self, statement: ClauseElement) -> None:
        """Store the statement; it is compiled when first used with a dialect."""
        self._statement = statement
        self._compiled: dict[type[Dialect], _CompiledStatement] = {}

    def rows(self, session: Session, **values: object) -> list[tuple[Any, ...]]:
        """Execute the statement and return its rows.

        Raises:
            DBAPIError: one of its subclasses, as SQLAlchemy would raise it.
        """
        compiled, cursor = self._execute(session, values)
        return compiled.convert_rows(cursor.fetchall())

    def first(self, session: Session, **values: object) -> tuple[Any, ...] | None:
        """Execute the statement and return its first row, or None. Raises as `rows` does."""
        rows = self.rows(session, **values)
        return rows[0] if rows else None

    def run(self, session: Session, **values: object) -> int:
        """Execute the statement and return how many rows it changed. Raises as `rows` does."""
        return int(self._execute(session, values)[1].rowcount)

    def _execute(
        self, session: Session, values: dict[str, object]
    ) -> tuple[_CompiledStatement, Any]:
        session.flush()
        dialect, driver = _driver_connection(session)
        compiled = self._compiled.get(type(dialect))
        if compiled is None:
            compiled = self._compiled[type(dialect)] = _CompiledStatement(self._statement, dialect)
        return compiled, compiled.execute(driver, values)


def _driver_connection(session: Session) -> tuple[Dialect, Any]:
    """Return the dialect and the driver connection, which the transaction keeps until it ends.

    A savepoint begins when the session is first asked for its connection, so each one is.
    """
    transaction = _innermost_transaction(session)
    cached = _CONNECTIONS.get(transaction) if transaction else None
    if cached:
        return cached
    connection = session.connection()
    entry = connection.dialect, connection.connection.driver_connection
    if transaction := _innermost_transaction(session):
        _CONNECTIONS[transaction] = entry
    return entry


def _innermost_transaction(session: Session) -> SessionTransaction | None:
    return session.get_nested_transaction() or session.get_transaction()


def column_bindparams(table: type[SQLModel], *, exclude: Collection[str] = ()) -> dict[str, Any]:
    """Return a `bindparam` for each column of a table, for the VALUES of an insert."""
    columns = SQLModel.metadata.tables[str(table.__tablename__)].columns
    return {c.name: bindparam(c.name, type_=c.type) for c in columns if c.name not in exclude}


class _CompiledStatement:
    """A statement compiled for one dialect, with converters for parameters and result rows."""

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
            (position, process)
            for position, column in enumerate(columns)
            if not isinstance(column.type, Float)  # both drivers return floats as they are
            and (process := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def execute(self, driver: Any, values: dict[str, object]) -> Any:  # noqa: ANN401 - the driver's connection and cursor
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

    def convert_rows(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return [self._convert_row(row) for row in rows] if self._result_processors else rows

    def _convert_row(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        converted = list(row)
        for position, process in self._result_processors:
            converted[position] = process(converted[position])
        return tuple(converted)
