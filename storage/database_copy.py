"""Copy of a whole database into an empty one, from one snapshot, between SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Insert,
    Row,
    String,
    Table,
    bindparam,
    cast,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlmodel import SQLModel

from storage.engine import engine_for
from storage.schema_upgrade import current_revision, head_revision, upgrade
from storage.tables import Leader, SlackCallLog

ROWS_AT_ONCE = 1000

NUL = "\x00"
"""The only character that SQLite stores in a text and PostgreSQL does not."""

TRANSIENT_TABLES = frozenset({Leader.__tablename__, SlackCallLog.__tablename__})
"""Tables whose rows only running bots use. PostgreSQL does not log them, so replicas lack them."""

RESTART_SEQUENCE = text(
    "SELECT setval(pg_get_serial_sequence(:table, :column), coalesce(:last, 1), :last IS NOT NULL)"
)


class NotEmptyError(Exception):
    """The target has rows already. Nothing was changed. `table` is one that has."""

    def __init__(self, table: str) -> None:
        """Name a table that has rows."""
        super().__init__(table)
        self.table = table


class WrongRevisionError(Exception):
    """The schema of the source is not the one that this release knows. Nothing was changed."""


class UnsupportedTextError(Exception):
    """A text contains the character NUL, which PostgreSQL cannot store. Nothing was copied."""

    def __init__(self, table: str, key: str) -> None:
        """Name the table and the key of the row."""
        super().__init__(f"{table} {key}")
        self.table, self.key = table, key


class CopyDiffersError(Exception):
    """The target does not have the rows of the source: its server or disk has a fault."""


@dataclass(slots=True)
class TableDigest:
    """Number of the rows of a table, and the sum of their hashes: equal rows in any order."""

    rows: int = 0
    total: int = 0

    def add(self, row: Row[Any]) -> None:
        """Add a row."""
        encoded = orjson.dumps(tuple(row), default=bytes.hex)
        self.rows += 1
        self.total = (
            self.total + int.from_bytes(blake2b(encoded, digest_size=16).digest())
        ) % 2**128


@dataclass(frozen=True, slots=True)
class CopiedDatabase:
    """What a copy has: its revision, and the number of rows by table."""

    revision: str
    rows: dict[str, int] = field(default_factory=dict)


def copy_database(source_url: str, target_url: str) -> CopiedDatabase:
    """Copy all rows as they are at one moment into an empty database, and compare the result.

    The tables are created. Others may write to the source meanwhile, which may be a read-only
    replica. The copy is one transaction: if it fails, the target stays empty.

    Raises:
        WrongRevisionError, NotEmptyError, UnsupportedTextError, CopyDiffersError: see there.
    """
    if current_revision(source_url) != head_revision():
        raise WrongRevisionError
    with _open_engine(target_url) as target, _snapshot(target) as reading:
        _require_empty(reading)  # before the schema of a database that is in use is upgraded
    upgrade(target_url)
    with _open_engine(source_url) as source, _open_engine(target_url) as target:
        with _snapshot(source) as reading, target.execution_options(writes=True).begin() as writing:
            _require_empty(writing)
            copied = {table.name: _copy_table(reading, writing, table) for table in _tables()}
            if writing.dialect.name == "postgresql":
                _restart_sequences(writing)
        with _snapshot(target) as reading:
            stored = {table.name: _digest(reading, table) for table in _tables()}
    if copied != stored:
        raise CopyDiffersError
    return CopiedDatabase(head_revision(), {name: one.rows for name, one in copied.items()})


def _tables() -> list[Table]:
    """Return the tables to copy, those that others refer to first."""
    return [one for one in SQLModel.metadata.sorted_tables if one.name not in TRANSIENT_TABLES]


@contextmanager
def _open_engine(url: str) -> Iterator[Engine]:
    engine = engine_for(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees the database as it is now, whatever others commit."""
    is_postgresql = engine.dialect.name == "postgresql"
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if is_postgresql else {}
    with engine.connect().execution_options(**options, stream_results=True) as connection:
        yield connection


def _require_empty(connection: Connection) -> None:
    existing = inspect(connection).get_table_names()
    for table in _tables():
        if (
            table.name in existing
            and connection.execute(select(1).select_from(table).limit(1)).first()
        ):
            raise NotEmptyError(table.name)


def _read(connection: Connection, table: Table) -> Iterator[list[Row[Any]]]:
    """Yield the rows in chunks, with JSON as the text that is stored."""
    columns = [
        cast(column, String).label(column.name) if _is_json(column) else column
        for column in table.columns
    ]
    rows = connection.execute(select(*columns).execution_options(yield_per=ROWS_AT_ONCE))
    for partition in rows.partitions():
        yield list(partition)


def _is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, JSON)


def _insert(table: Table, *, is_postgresql: bool) -> Insert:
    """Return the statement that stores a row of `_read`."""

    def written(column: Column[Any]) -> Any:  # noqa: ANN401 - a parameter, or a cast of one
        if not _is_json(column):
            return bindparam(column.name, type_=column.type)
        json_text = bindparam(column.name, type_=String())
        return cast(json_text, column.type) if is_postgresql else json_text

    return insert(table).values({column.name: written(column) for column in table.columns})


def _copy_table(source: Connection, target: Connection, table: Table) -> TableDigest:
    digest = TableDigest()
    is_postgresql = target.dialect.name == "postgresql"
    statement = _insert(table, is_postgresql=is_postgresql)
    for rows in _read(source, table):
        if is_postgresql:
            _check_texts(table, rows)
        for row in rows:
            digest.add(row)
        target.execute(statement, [dict(row._mapping) for row in rows])  # noqa: SLF001 - its public name
    return digest


def _check_texts(table: Table, rows: list[Row[Any]]) -> None:
    for row in rows:
        if any(isinstance(value, str) and NUL in value for value in row):
            key = ", ".join(str(row._mapping[column.name]) for column in table.primary_key)  # noqa: SLF001 - its public name
            raise UnsupportedTextError(table.name, key)


def _digest(connection: Connection, table: Table) -> TableDigest:
    digest = TableDigest()
    for rows in _read(connection, table):
        for row in rows:
            digest.add(row)
    return digest


def _restart_sequences(connection: Connection) -> None:
    """Let new rows get ids after those that were copied."""
    for table in _tables():
        column = table.autoincrement_column
        if column is not None:
            last = connection.execute(select(func.max(column))).scalar()
            parameters = {"table": f'"{table.name}"', "column": column.name, "last": last}
            connection.execute(RESTART_SEQUENCE, parameters)
