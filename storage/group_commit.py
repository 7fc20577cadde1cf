"""SQLite's one writer: a thread that commits all that is waiting as one transaction.

One flush of the disk then serves many clicks. What an expert waits for goes first; of all that can
wait only a little joins each commit, so that no click stands behind a long line of it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Event, Thread
from typing import Any, TypeAlias, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.orm.session import JoinTransactionMode
from sqlmodel import Session

T = TypeVar("T")

AnyFuture: TypeAlias = Future[T] | asyncio.Future[T]
"""Where a caller waits: a thread, or a task on an event loop."""

MAX_LOW_PRIORITY = 2
"""Writes that can wait, in one commit: drawing the next screen takes a millisecond each."""

CHECKPOINT_IDLE_SECONDS = 0.2
"""Seconds without a write after which the log is tidied up: then nobody stands behind that."""

CHECKPOINT_MIN_COMMITS = 64
"""Commits in the log for which tidying up is worth two flushes of the disk."""


class GroupCommit:
    """One thread that writes. What is waiting when it looks becomes one transaction."""

    def __init__(self, engine: Engine, max_batch: int) -> None:
        """Begin to write to `engine`, `most` functions in one transaction."""
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
        """Let `fn` be run and `future` hear what came of it, after the commit.

        Raises:
            RuntimeError: the database is closed.
        """
        if self._is_closed:
            message = "the database is closed"
            raise RuntimeError(message)
        self._queue.append(_Write(fn, future, low_priority=low_priority))
        if isinstance(future, Future):
            self._wakeup.set()
        else:  # once all that came in with it stands in line too: together they are one commit
            future.get_loop().call_soon(self._wakeup.set)

    def close(self) -> None:
        """Finish what is waiting and end."""
        self._is_closed = True
        self._wakeup.set()
        self._thread.join()

    def _run(self) -> None:
        with self._engine.connect() as connection:
            while group := self._wait_for_batch(connection):
                _commit_batch(connection, group)
                self._uncheckpointed_commits += 1

    def _wait_for_batch(self, connection: Connection) -> list[_Write]:
        """Wait for something to write and take what goes together. Empty: it is time to stop."""
        while not (group := self._next_batch()) and not self._is_closed:
            if not self._wakeup.wait(
                CHECKPOINT_IDLE_SECONDS
                if self._uncheckpointed_commits >= CHECKPOINT_MIN_COMMITS
                else None
            ):
                _checkpoint(connection)
                self._uncheckpointed_commits = 0
            self._wakeup.clear()
        for write in group:
            write.begin()
        return group

    def _next_batch(self) -> list[_Write]:
        """Take a group from the line: first what cannot wait, then a little of the rest."""
        group: list[_Write] = []
        while self._queue and len(group) < self._max_batch:
            write = self._queue.popleft()
            (self._low_priority_queue if write.low_priority else group).append(write)
        low_priority_count = min(
            MAX_LOW_PRIORITY, self._max_batch - len(group), len(self._low_priority_queue)
        )
        return group + [self._low_priority_queue.popleft() for _ in range(low_priority_count)]


def _checkpoint(connection: Connection) -> None:
    """Move what is in SQLite's log to where it belongs, so that the log begins anew."""
    driver: Any = connection.connection.driver_connection
    with suppress(sqlite3.Error):  # a full disk, say: nothing is lost, it stays in the log
        driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


class _Write:
    """One function to run and where its caller waits."""

    __slots__ = ("error", "fn", "future", "is_wanted", "low_priority", "result")

    def __init__(
        self, fn: Callable[[Session], Any], future: AnyFuture[Any], *, low_priority: bool
    ) -> None:
        self.fn = fn
        self.future = future
        self.low_priority = low_priority
        self.is_wanted = True
        self.result: Any = None
        self.error: BaseException | None = None

    def begin(self) -> None:
        """Note whether its caller still waits; whoever leaves from here on changes nothing."""
        if isinstance(self.future, Future):
            self.is_wanted = self.future.set_running_or_notify_cancel()
        else:
            self.is_wanted = not self.future.cancelled()

    def run(self, connection: Connection) -> None:
        """Run in a savepoint: what fails takes back only its own.

        The session opens the savepoint, so that a flush that fails does not roll back the group.
        """
        session = _open_session(connection, "create_savepoint")
        try:
            self.result = self.fn(session)
            session.commit()
        except BaseException as error:  # noqa: BLE001 - it is the caller's, and is raised there
            self.error = error
        session.close()

    def resolve(self) -> None:
        if self.future.cancelled():
            return
        if self.error:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


def _commit_batch(connection: Connection, group: list[_Write]) -> None:
    wanted = [write for write in group if write.is_wanted]
    try:
        if not _try_in_one_transaction(connection, wanted):
            _run_in_savepoints(connection, wanted)
    except BaseException as error:  # noqa: BLE001 - no disk, no lock: every caller must hear of it
        connection.invalidate(error)  # SQLite may still be in the transaction it did not commit
        for write in wanted:
            write.error = write.error or error
    _resolve_futures(wanted)


def _resolve_futures(group: list[_Write]) -> None:
    """Answer all who wait; a loop is woken once for all of its own, because that costs most."""
    loops: dict[asyncio.AbstractEventLoop, list[_Write]] = {}
    for write in group:
        if isinstance(write.future, Future):
            write.resolve()
        else:
            loops.setdefault(write.future.get_loop(), []).append(write)
    for loop, writes in loops.items():
        with suppress(RuntimeError):  # it is closed: nobody waits any more
            loop.call_soon_threadsafe(_resolve_in_loop, writes)


def _resolve_in_loop(group: list[_Write]) -> None:
    for write in group:
        write.resolve()


def _try_in_one_transaction(connection: Connection, group: list[_Write]) -> bool:
    """Run all in one transaction; False, and nothing of it is kept, if one of them fails.

    They share a session and have no savepoints: those would cost more than all that a click does.
    """
    with connection.begin() as transaction, _open_session(connection, "rollback_only") as session:
        try:
            for write in group:
                write.result = write.fn(session)
                _flush_and_clear(session)
                if not _is_in_transaction(connection):
                    return False  # at once: what followed would be committed by itself
        except BaseException:  # noqa: BLE001 - whose it is, is found out one by one
            if transaction.is_active:  # a flush that failed has rolled back already
                transaction.rollback()
        return transaction.is_active


def _flush_and_clear(session: Session) -> None:
    """Write what the session still holds, and forget it: the next function finds it empty."""
    if session.identity_map or session.new:
        session.flush()
        session.expunge_all()


def _run_in_savepoints(connection: Connection, group: list[_Write]) -> None:
    """Run all once more, each in a savepoint: what fails takes back only its own."""
    with connection.begin():
        for write in group:
            write.run(connection)
            _raise_if_transaction_lost(connection, write)


def _open_session(connection: Connection, mode: JoinTransactionMode) -> Session:
    return Session(connection, expire_on_commit=False, join_transaction_mode=mode)


def _raise_if_transaction_lost(connection: Connection, write: _Write) -> None:
    """Raise what went wrong if SQLite took back everything for it, as it may for a full disk.

    Without its transaction each later statement would be committed by itself.
    """
    if write.error and not _is_in_transaction(connection):
        raise write.error


def _is_in_transaction(connection: Connection) -> bool:
    return bool(cast("Any", connection.connection.dbapi_connection).in_transaction)
