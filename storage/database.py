"""The database interface: `await db.write(fn, ...)` and `await db.read(fn, ...)`.

Both run a plain synchronous function that takes a Session, off the event loop. A write returns only
after the commit. On SQLite one writer thread commits all waiting writes as one transaction (group
commit), so that one disk flush serves many clicks; a write that fails does not affect the others.
On PostgreSQL the same functions run in parallel, each in its own transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from copy import copy
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage.discarded_changes import discard_changes
from storage.engine import POOL_SIZE, engine_for, is_sqlite
from storage.group_commit import GroupCommit
from storage.grouped_writes import GroupedWrite, WriteGroup
from storage.low_priority import LowPriorityTurns
from storage.notifications import QUEUED, notify
from storage.outage import Outage
from storage.queries.health import probe_write

P = ParamSpec("P")
M = TypeVar("M")
T = TypeVar("T")

MAX_WRITES_PER_COMMIT = 64
"""Maximum writes in one commit; beyond this the flush no longer dominates the cost."""

MAX_ATTEMPTS = 5
"""Attempts at a transaction that PostgreSQL rejects (deadlock, serialization failure)."""

FROZEN_TRANSACTION_SECONDS = 15.0
"""After how long PostgreSQL ends a transaction of a bot in which nothing happens: it is frozen."""

SQLITE_PLACES, POSTGRESQL_PLACES = 2, POOL_SIZE - 1
"""Low-priority functions that run in threads at the same time. PostgreSQL does its part on its own,
so only one connection is left for answers. On SQLite, writes have a thread of their own."""

RETRYABLE_SQLSTATES = {"40001", "40P01"}


def try_write(url: str, *, has_tables: bool) -> None:
    """Raise the error of the driver unless this process can write to the database.

    Without tables, a transaction that may write is only begun.
    """
    engine = engine_for(url)
    try:
        with (
            engine.execution_options(writes=True).connect() as connection,
            Session(connection) as session,
            session.begin(),
        ):
            if has_tables:
                probe_write(session)
            else:
                session.connection()
    finally:
        engine.dispose()


@dataclass(slots=True)
class _FirstWrite:
    """A check that belongs to the first write of a request, and whether it was committed."""

    check: Callable[[Session], None]
    is_committed: bool = False


def _bind(
    fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
) -> Callable[[Session], T]:
    """Return the function with its arguments, to run in a thread with the context of its caller."""
    context = copy_context()
    return lambda session: context.run(fn, session, *args, **kwargs)


class Database:
    """The database: `await write/read` on an event loop, `write_now/read_now` in plain code."""

    def __init__(self, url: str, *, is_bot: bool = False) -> None:
        """Open the database at `url` (SQLAlchemy's format). The schema is not changed.

        On PostgreSQL, a bot's transaction in which nothing happens is ended, because others wait
        for its locks. Processes other than bots notify the bots of messages that they queue.
        """
        self.engine = engine_for(url, FROZEN_TRANSACTION_SECONDS if is_bot else None)
        self._is_bot = is_bot
        self.is_sqlite = is_sqlite(self.engine.url)
        self._readers = ThreadPoolExecutor(POOL_SIZE, thread_name_prefix="database")
        self._writer = GroupCommit(self.engine, MAX_WRITES_PER_COMMIT) if self.is_sqlite else None
        self._is_low_priority = False
        self._turns = LowPriorityTurns(SQLITE_PLACES if self.is_sqlite else POSTGRESQL_PLACES)
        self._groups: dict[GroupedWrite[Any, Any], WriteGroup[Any, Any]] = {}
        self.outage = Outage()
        self._first_write: _FirstWrite | None = None

    def low_priority(self) -> Database:
        """Return the same database for work that answers go before, such as the next task."""
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
        try:
            result = await self._write_first(fn, *args, **kwargs)
        except Exception as error:
            self.outage.record(error)
            raise
        if self.outage.needs_test():  # the write may have changed nothing
            with suppress(DBAPIError):
                await self.probe()
        return result

    async def write_grouped(self, write: GroupedWrite[M, T], member: M) -> T:
        """Write a member together with others that wait, or alone; return after the commit.

        Raises:
            Exception: what `write.alone` raises, or the database is not available.
        """
        result: T | None = None
        if self._first_write is None:
            with self._turns.precede():
                result = await self._group_of(write).write(member)
        return await self.write(write.alone, member) if result is None else result

    def _group_of(self, write: GroupedWrite[M, T]) -> WriteGroup[M, T]:
        if write not in self._groups:

            async def write_together(members: Sequence[M]) -> Sequence[T | None]:
                return await self.write(write.together, members)

            self._groups[write] = WriteGroup(write_together)
        return self._groups[write]

    async def probe(self) -> None:
        """Write something, to test whether answers can be stored.

        Raises:
            DBAPIError: nothing can be stored.
        """
        try:
            await self._write(probe_write)
        except Exception as error:
            self.outage.record(error)
            raise
        self.outage.end()

    async def notify_bots(self) -> None:
        """Tell the bots on this PostgreSQL that messages are waiting."""
        await self._write(lambda session: notify(session.connection()))

    async def _write_first(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a write; the first one of a request runs its check in the same transaction."""
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
                _bind(fn, *args, **kwargs),
                future,
                low_priority=self._is_low_priority,
            )
            return await future
        return await self._wait_for(lambda: self._submit(fn, *args, **kwargs))

    async def read(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn(session, ...)` on a snapshot; its changes are discarded."""
        try:
            return await self._wait_for(lambda: self.start_read(fn, *args, **kwargs))
        except Exception as error:
            self.outage.record(error)
            raise

    async def _wait_for(self, start: Callable[[], Future[T]]) -> T:
        """Start a function in a thread, if necessary when it is its turn; return its result."""
        if not self._is_low_priority:
            return await asyncio.wrap_future(start())
        async with self._turns.turn():
            return await asyncio.wrap_future(start())

    def write_now(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `write` synchronously, for code without an event loop."""
        return self._submit(fn, *args, **kwargs).result()

    def start_write(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Start `write_now` and return at once; the future has the result after the commit."""
        return self._submit(fn, *args, **kwargs)

    def start_read(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Start `read_now` and return at once."""
        return self._readers.submit(lambda: self.read_now(fn, *args, **kwargs))

    def read_now(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `read` synchronously, for code without an event loop."""
        with Session(self.engine, expire_on_commit=False) as session:
            result = fn(session, *args, **kwargs)
            if not self.is_sqlite:
                discard_changes(session)
            return result

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
                _bind(fn, *args, **kwargs),
                future,
                low_priority=self._is_low_priority,
            )
            return future
        return self._readers.submit(self._run_in_transaction, _bind(fn, *args, **kwargs))

    def _run_in_transaction(
        self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        for attempts_left in reversed(range(MAX_ATTEMPTS)):
            try:
                with Session(self.engine, expire_on_commit=False) as session, session.begin():
                    result = fn(session, *args, **kwargs)
                    if QUEUED in session.info and not self._is_bot:
                        notify(session.connection())
                    return result
            except DBAPIError as error:
                if (
                    not attempts_left
                    or getattr(error.orig, "sqlstate", None) not in RETRYABLE_SQLSTATES
                ):
                    raise
        raise AssertionError
