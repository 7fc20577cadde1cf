"""SQLite's single writer: a thread that commits all waiting writes as one transaction.

One flush of the disk then serves many clicks. High-priority writes go first; only a few
low-priority writes join each commit, so that no click waits behind a long queue of them.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing, suppress
from threading import Event, Thread
from typing import Any, TypeAlias, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.orm.session import JoinTransactionMode
from sqlmodel import Session

T = TypeVar("T")

AnyFuture: TypeAlias = Future[T] | asyncio.Future[T]
"""What a caller waits on, in a thread or in a task on an event loop."""

MAX_LOW_PRIORITY = 2
"""Maximum low-priority writes in a commit; each one renders a screen, which takes a millisecond."""

CHECKPOINT_IDLE_SECONDS = 0.2
"""Idle seconds before a WAL checkpoint, so that no write queues behind it."""

CHECKPOINT_MIN_COMMITS = 64
"""Commits in the WAL that make a checkpoint worth its two flushes of the disk."""


class GroupCommit:
    """A writer thread; whatever is waiting when it looks becomes one transaction."""

    def __init__(self, engine: Engine, max_batch: int) -> None:
        """Start the thread, which writes up to `max_batch` functions per transaction."""
        self._engine = engine.execution_options(writes=True)
        self._max_batch = max_batch
        self._queue: deque[_Write] = deque()
        self._low_priority_queue: deque[_Write] = deque()
        self._wakeup = Event()
        self._uncheckpointed_commits = 0
        self._is_closed = False
        self._thread = Thread(target=self._run, name="database-writer", daemon=True)
        self._thread.start()

    def submit(
        self, fn: Callable[[Session], T], future: AnyFuture[T], *, low_priority: bool
    ) -> None:
        """Queue `fn`; after the commit, resolve `future` with its result or error.

        Raises:
            RuntimeError: the database is closed.
        """
        if self._is_closed:
            message = "the database is closed"
            raise RuntimeError(message)
        self._queue.append(_Write(fn, future, low_priority=low_priority))
        if isinstance(future, Future):
            self._wakeup.set()
        else:  # wake up after the loop's other callbacks, so that their writes join this commit
            future.get_loop().call_soon(self._wakeup.set)

    def close(self) -> None:
        """Finish all queued writes and stop the thread."""
        self._is_closed = True
        self._wakeup.set()
        self._thread.join()

    def _run(self) -> None:
        with closing(_WriteConnection(self._engine)) as opened:
            while batch := self._wait_for_batch(opened.connection):
                opened.commit(batch)
                self._uncheckpointed_commits += 1

    def _wait_for_batch(self, connection: Connection | None) -> list[_Write]:
        """Wait for writes and return the next batch; an empty one means that it is time to stop."""
        while not (batch := self._next_batch()) and not self._is_closed:
            if not self._wakeup.wait(
                CHECKPOINT_IDLE_SECONDS
                if self._uncheckpointed_commits >= CHECKPOINT_MIN_COMMITS
                else None
            ):
                if connection:
                    _checkpoint(connection)
                self._uncheckpointed_commits = 0
            self._wakeup.clear()
        for write in batch:
            write.begin()
        return batch

    def _next_batch(self) -> list[_Write]:
        """Dequeue one batch: all high-priority writes, then a few low-priority ones."""
        batch: list[_Write] = []
        while self._queue and len(batch) < self._max_batch:
            write = self._queue.popleft()
            (self._low_priority_queue if write.low_priority else batch).append(write)
        low_priority_count = min(
            MAX_LOW_PRIORITY, self._max_batch - len(batch), len(self._low_priority_queue)
        )
        return batch + [self._low_priority_queue.popleft() for _ in range(low_priority_count)]


class _WriteConnection:
    """The writer's connection; it is opened for a batch, and again if that failed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.connection: Connection | None = None

    def commit(self, batch: list[_Write]) -> None:
        """Commit a batch; if there is no connection, every caller gets the error."""
        try:
            self.connection = self.connection or self._engine.connect()
        except BaseException as error:  # noqa: BLE001 - every caller must know
            for write in batch:
                write.error = error
            _resolve_futures([write for write in batch if write.is_awaited])
        else:
            _commit_batch(self.connection, batch)

    def close(self) -> None:
        """Close the connection if it is open."""
        if self.connection:
            self.connection.close()


def _checkpoint(connection: Connection) -> None:
    """Copy the WAL into the database file, so that the WAL starts over."""
    driver: Any = connection.connection.driver_connection
    with suppress(sqlite3.Error):  # such as a full disk: the WAL keeps the data
        driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


class _Write:
    """A function to run, and the future that its caller waits on."""

    __slots__ = ("error", "fn", "future", "is_awaited", "low_priority", "result")

    def __init__(
        self, fn: Callable[[Session], Any], future: AnyFuture[Any], *, low_priority: bool
    ) -> None:
        self.fn = fn
        self.future = future
        self.low_priority = low_priority
        self.is_awaited = True
        self.result: Any = None
        self.error: BaseException | None = None

    def begin(self) -> None:
        """Record whether the caller still waits; canceling later no longer stops the write."""
        if isinstance(self.future, Future):
            self.is_awaited = self.future.set_running_or_notify_cancel()
        else:
            self.is_awaited = not self.future.cancelled()

    def run(self, connection: Connection) -> None:
        """Run the function in a savepoint, so that a failure undoes only its own changes.

        The session opens the savepoint, so that a failed flush does not roll back the batch.
        """
        session = _open_session(connection, "create_savepoint")
        try:
            self.result = self.fn(session)
            session.commit()
        except BaseException as error:  # noqa: BLE001 - the caller's future raises it
            self.error = error
        session.close()

    def resolve(self) -> None:
        if self.future.cancelled():
            return
        if self.error:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


def _commit_batch(connection: Connection, batch: list[_Write]) -> None:
    batch = [write for write in batch if write.is_awaited]
    try:
        if not _try_in_one_transaction(connection, batch):
            _run_in_savepoints(connection, batch)
    except BaseException as error:  # noqa: BLE001 - such as a full disk: every caller must know
        connection.invalidate(error)  # SQLite may still be in the failed transaction
        for write in batch:
            write.error = write.error or error
    _resolve_futures(batch)


def _resolve_futures(batch: list[_Write]) -> None:
    """Resolve all futures; wake each event loop only once, because that is the expensive part."""
    loops: dict[asyncio.AbstractEventLoop, list[_Write]] = {}
    for write in batch:
        if isinstance(write.future, Future):
            write.resolve()
        else:
            loops.setdefault(write.future.get_loop(), []).append(write)
    for loop, writes in loops.items():
        with suppress(RuntimeError):  # the loop is closed, so nobody waits
            loop.call_soon_threadsafe(_resolve_in_loop, writes)


def _resolve_in_loop(batch: list[_Write]) -> None:
    for write in batch:
        write.resolve()


def _try_in_one_transaction(connection: Connection, batch: list[_Write]) -> bool:
    """Run all functions in one transaction; if one fails, roll back and return False.

    They share a session without savepoints, which would cost more than the rest of a click.
    """
    with connection.begin() as transaction, _open_session(connection, "rollback_only") as session:
        try:
            for write in batch:
                write.result = write.fn(session)
                _flush_and_clear(session)
                if not _is_in_transaction(connection):
                    return False  # later statements would be committed on their own
        except BaseException:  # noqa: BLE001 - running one by one finds the culprit
            if transaction.is_active:  # a failed flush has already rolled back
                transaction.rollback()
        return transaction.is_active


def _flush_and_clear(session: Session) -> None:
    """Flush the session and clear it, so that the next function starts with an empty one."""
    if session.identity_map or session.new:
        session.flush()
        session.expunge_all()


def _run_in_savepoints(connection: Connection, batch: list[_Write]) -> None:
    """Run all functions again, each in a savepoint: a failure undoes only its own changes."""
    with connection.begin():
        for write in batch:
            write.run(connection)
            _raise_if_transaction_lost(connection, write)


def _open_session(connection: Connection, mode: JoinTransactionMode) -> Session:
    return Session(connection, expire_on_commit=False, join_transaction_mode=mode)


def _raise_if_transaction_lost(connection: Connection, write: _Write) -> None:
    """Raise the error of a write if SQLite rolled back the whole transaction, as for a full disk.

    Without a transaction, each later statement would be committed on its own.
    """
    if write.error and not _is_in_transaction(connection):
        raise write.error


def _is_in_transaction(connection: Connection) -> bool:
    return bool(cast("Any", connection.connection.dbapi_connection).in_transaction)
