"""The database interface: `await db.write(fn, ...)` and `await db.read(fn, ...)`.

Both run a plain synchronous function that takes a Session, off the event loop. A write returns only
after the commit. On SQLite one writer thread commits all waiting writes as one transaction (group
commit), so that one disk flush serves many clicks; a write that fails does not affect the others.
On PostgreSQL the same functions run in parallel, each in its own transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, Concatenate, ParamSpec, TypeVar

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlmodel import Session

from storage.group_commit import GroupCommit

P = ParamSpec("P")
T = TypeVar("T")

MAX_WRITES_PER_COMMIT = 64
"""Maximum writes in one commit; beyond this the flush no longer dominates the cost."""

POOL_SIZE = 8
"""Connections per process: for reads (SQLite) or for everything (PostgreSQL)."""

PING_AFTER_IDLE_SECONDS = 1.0
"""Idle seconds after which a connection is pinged before use: the server may have restarted."""

MAX_ATTEMPTS = 5
"""Attempts at a transaction that PostgreSQL rejects (deadlock, serialization failure)."""

WAL_AUTOCHECKPOINT_PAGES = 16_000
"""WAL pages (64 MB) after which a commit runs a checkpoint, which delays a few clicks."""

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=10000",
    f"wal_autocheckpoint={WAL_AUTOCHECKPOINT_PAGES}",
)

RETRYABLE_SQLSTATES = {"40001", "40P01"}


def _dump_json(value: object) -> str:
    return orjson.dumps(value).decode()


def _set_sqlite_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_transaction(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _is_writer(connection) else "BEGIN")


def _is_writer(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("writes"))


def _disable_driver_transactions(connection: Any, _record: object) -> None:  # noqa: ANN401 - DBAPI
    connection.isolation_level = None


def _record_checkin(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["idle since"] = monotonic()


def _ping_idle_connection(
    dialect: Dialect, connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object
) -> None:
    """Ping the server if the connection was idle; each time would cost a tenth of a click.

    Raises:
        DisconnectionError: the server is gone or has restarted; the pool then reconnects.
    """
    idle_since = record.info.get("idle since")
    if idle_since is None or monotonic() - idle_since < PING_AFTER_IDLE_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError from error


def engine_for(url: str) -> Engine:
    """Return an engine with the settings that durability requires.

    SQLite: WAL, `synchronous=FULL`, foreign keys, and explicit BEGIN statements (the driver's own
    begin late and break savepoints).
    """
    target = _with_driver(make_url(url))
    engine = create_engine(
        target,
        poolclass=QueuePool,
        pool_size=POOL_SIZE + 1,
        hide_parameters=True,  # they hold what people wrote, and errors are logged
        json_serializer=_dump_json,
        json_deserializer=orjson.loads,
        **({"connect_args": {"check_same_thread": False}} if _is_sqlite(target) else {}),
    )
    if _is_sqlite(target):
        event.listen(engine, "connect", _set_sqlite_pragmas)
        event.listen(engine, "connect", _disable_driver_transactions)
        event.listen(engine, "begin", _begin_transaction)
    else:
        event.listen(engine, "checkin", _record_checkin)
        event.listen(engine, "checkout", partial(_ping_idle_connection, engine.dialect))
    return engine


def try_write(url: str) -> None:
    """Open a write transaction and roll it back, because a SQLite file may be read-only."""
    engine = engine_for(url)
    try:
        with engine.execution_options(writes=True).connect() as connection:
            connection.exec_driver_sql("SELECT 1")
    finally:
        engine.dispose()


def _with_driver(url: URL) -> URL:
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if _is_sqlite(url) and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return url


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


@dataclass(slots=True)
class _FirstWrite:
    """A check that belongs to the first write of a request, and whether it was committed."""

    check: Callable[[Session], None]
    is_committed: bool = False


class Database:
    """The database: `await write/read` on an event loop, `write_now/read_now` in plain code."""

    def __init__(self, url: str) -> None:
        """Open the database at `url` (SQLAlchemy's format). The schema is not changed."""
        self.engine = engine_for(url)
        self.is_sqlite = _is_sqlite(self.engine.url)
        self._readers = ThreadPoolExecutor(POOL_SIZE, thread_name_prefix="database")
        self._writer = GroupCommit(self.engine, MAX_WRITES_PER_COMMIT) if self.is_sqlite else None
        self._is_low_priority = False
        self._first_write: _FirstWrite | None = None

    def low_priority(self) -> Database:
        """Return the same database for work that nobody waits for; its writes run last."""
        clone = copy(self)
        clone._is_low_priority = True  # noqa: SLF001 - a copy of this class
        return clone

    def with_first_write(self, check: Callable[[Session], None]) -> Database:
        """Return the same database for one request: its first write begins with `check`.

        Both are one transaction. If `check` raises, nothing of that write is stored.
        """
        clone = copy(self)
        clone._first_write = _FirstWrite(check)  # noqa: SLF001 - a copy of this class
        return clone

    async def write(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn(session, ...)` in a transaction; return its result after the commit.

        If `fn` raises, its changes are rolled back and the error is raised here. `fn` may run more
        than once; only the last run is committed.
        """
        first = self._first_write
        if first is None or first.is_committed:
            return await self._write(fn, *args, **kwargs)

        def check_and_run(session: Session) -> T:
            first.check(session)
            return fn(session, *args, **kwargs)

        result = await self._write(check_and_run)
        first.is_committed = True
        return result

    async def _write(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        if self._writer:
            future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
            self._writer.submit(
                lambda session: fn(session, *args, **kwargs),
                future,
                low_priority=self._is_low_priority,
            )
            return await future
        return await asyncio.wrap_future(self._submit(fn, *args, **kwargs))

    async def read(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn(session, ...)` on a snapshot; its changes are discarded."""
        future = self._readers.submit(lambda: self.read_now(fn, *args, **kwargs))
        return await asyncio.wrap_future(future)

    def write_now(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `write` synchronously, for code without an event loop."""
        return self._submit(fn, *args, **kwargs).result()

    def read_now(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `read` synchronously, for code without an event loop."""
        with Session(self.engine, expire_on_commit=False) as session:
            return fn(session, *args, **kwargs)

    def close(self) -> None:
        """Finish all queued writes and close every connection."""
        if self._writer:
            self._writer.close()
        self._readers.shutdown()
        self.engine.dispose()

    def _submit(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        if self._writer:
            future: Future[T] = Future()
            self._writer.submit(
                lambda session: fn(session, *args, **kwargs),
                future,
                low_priority=self._is_low_priority,
            )
            return future
        return self._readers.submit(lambda: self._run_in_transaction(fn, *args, **kwargs))

    def _run_in_transaction(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        for attempts_left in reversed(range(MAX_ATTEMPTS)):
            try:
                with Session(self.engine, expire_on_commit=False) as session, session.begin():
                    return fn(session, *args, **kwargs)
            except DBAPIError as error:
                if (
                    not attempts_left
                    or getattr(error.orig, "sqlstate", None) not in RETRYABLE_SQLSTATES
                ):
                    raise
        raise AssertionError
