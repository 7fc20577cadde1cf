"""The one database door: `await db.write(fn, ...)` and `await db.read(fn, ...)`.

Both run a plain synchronous function that takes a Session, off the event loop. A write's caller
hears back only after the commit. On SQLite one writer thread commits all that is waiting as one
transaction (group commit), each function in a savepoint of its own, so that one disk flush serves
many clicks. On PostgreSQL the same functions run side by side, a transaction each.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

P = ParamSpec("P")
T = TypeVar("T")

GROUP = 64
"""Writes in one commit at the most: beyond this the flush is no longer what costs."""

POOL = 8
"""Connections for reading (SQLite) or for all (PostgreSQL) in one process."""

TRIES = 5
"""How often PostgreSQL may ask to run a transaction again (deadlock, serialization failure)."""

RETRYABLE = {"40001", "40P01"}


def _dumps(value: object) -> str:
    return orjson.dumps(value).decode()


def _sqlite_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediately(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("writes"))


def _hold_transactions_ourselves(connection: Any, _record: object) -> None:  # noqa: ANN401 - DBAPI
    connection.isolation_level = None


def engine_for(url: str) -> Engine:
    """Make an engine with the settings the promises need.

    SQLite: WAL, `synchronous=FULL`, foreign keys, and transactions that begin when we say so (the
    driver's own would begin late and break savepoints).
    """
    target = _driver_named(make_url(url))
    engine = create_engine(
        target,
        poolclass=QueuePool,
        pool_size=POOL + 1,
        pool_pre_ping=not _is_sqlite(target),  # a server that restarted must not cost a click
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        **({"connect_args": {"check_same_thread": False}} if _is_sqlite(target) else {}),
    )
    if _is_sqlite(target):
        event.listen(engine, "connect", _sqlite_pragmas)
        event.listen(engine, "connect", _hold_transactions_ourselves)
        event.listen(engine, "begin", _begin_immediately)
    return engine


def _driver_named(url: URL) -> URL:
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if _is_sqlite(url) and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return url


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


class Database:
    """The door. Use `await write/read` on an event loop, `write_now/read_now` from plain code."""

    def __init__(self, url: str) -> None:
        """Open the database at `url` (SQLAlchemy's form). The schema is not touched."""
        self.engine = engine_for(url)
        self.is_sqlite = _is_sqlite(self.engine.url)
        self._readers = ThreadPoolExecutor(POOL, thread_name_prefix="database")
        self._writer = _GroupCommit(self.engine) if self.is_sqlite else None

    async def write(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn(session, ...)` in a transaction; return its result after the commit.

        Whatever `fn` raises is raised here, and nothing of it is kept.
        """
        return await asyncio.wrap_future(self._submit(fn, *args, **kwargs))

    async def read(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn(session, ...)` on a snapshot of its own; what it changes is not kept."""
        future = self._readers.submit(lambda: self.read_now(fn, *args, **kwargs))
        return await asyncio.wrap_future(future)

    def write_now(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do what `write` does and wait for it, for code without an event loop."""
        return self._submit(fn, *args, **kwargs).result()

    def read_now(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do what `read` does and wait for it, for code without an event loop."""
        with Session(self.engine, expire_on_commit=False) as session:
            return fn(session, *args, **kwargs)

    def close(self) -> None:
        """Finish what is waiting and let go of every connection."""
        if self._writer:
            self._writer.close()
        self._readers.shutdown()
        self.engine.dispose()

    def _submit(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        if self._writer:
            return self._writer.submit(lambda session: fn(session, *args, **kwargs))
        return self._readers.submit(lambda: self._in_transaction(fn, *args, **kwargs))

    def _in_transaction(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        for left in reversed(range(TRIES)):
            try:
                with Session(self.engine, expire_on_commit=False) as session, session.begin():
                    return fn(session, *args, **kwargs)
            except DBAPIError as error:
                if not left or getattr(error.orig, "sqlstate", None) not in RETRYABLE:
                    raise
        raise AssertionError


class _GroupCommit:
    """One thread that writes. What is waiting when it looks becomes one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(writes=True)
        self._queue: SimpleQueue[_Write | None] = SimpleQueue()
        self._is_closed = False
        self._thread = Thread(target=self._run, name="database-writer", daemon=True)
        self._thread.start()

    def submit(self, fn: Callable[[Session], T]) -> Future[T]:
        if self._is_closed:
            message = "the database is closed"
            raise RuntimeError(message)
        future: Future[T] = Future()
        self._queue.put(_Write(fn, cast("Future[Any]", future)))
        return future

    def close(self) -> None:
        self._is_closed = True
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        with self._engine.connect() as connection:
            while group := self._wait():
                _commit_together(connection, group)

    def _wait(self) -> list[_Write]:
        """Wait for a write and take those that stand behind it. Empty: it is time to stop."""
        first = self._queue.get()
        group: list[_Write] = []
        while first is not None:
            # From here on its caller can no longer cancel it: it runs, and the answer is taken.
            first.is_wanted = first.future.set_running_or_notify_cancel()
            group.append(first)
            if len(group) == GROUP:
                break
            try:
                first = self._queue.get_nowait()
            except Empty:
                break
        else:
            self._queue.put(None) if group else None
        return group


class _Write:
    """One function to run and where its caller waits."""

    __slots__ = ("error", "fn", "future", "is_wanted", "result")

    def __init__(self, fn: Callable[[Session], Any], future: Future[Any]) -> None:
        self.fn = fn
        self.future = future
        self.is_wanted = True
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self, connection: Connection) -> None:
        """Run in a savepoint: what fails takes back only its own.

        The session opens the savepoint, so that a flush that fails does not roll back the group.
        """
        session = Session(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        try:
            self.result = self.fn(session)
            session.commit()
        except BaseException as error:  # noqa: BLE001 - it is the caller's, and is raised there
            self.error = error
        session.close()

    def tell(self) -> None:
        if self.error:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


def _commit_together(connection: Connection, group: list[_Write]) -> None:
    try:
        with connection.begin():
            for write in group:
                if write.is_wanted:
                    write.run(connection)
    except Exception as error:  # noqa: BLE001 - no disk, no lock: every caller must hear of it
        connection.invalidate(error)  # SQLite may still be in the transaction it did not commit
        for write in group:
            write.error = write.error or error
    for write in group:
        if write.is_wanted:
            write.tell()
