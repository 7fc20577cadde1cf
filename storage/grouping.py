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

PATIENT = 2
"""Writes that can wait, in one commit: drawing the next screen takes a millisecond each."""

QUIET = 0.2
"""Seconds without a write after which the log is tidied up: then nobody stands behind that."""

UNTIDY = 64
"""Commits in the log for which tidying up is worth two flushes of the disk."""


class GroupCommit:
    """One thread that writes. What is waiting when it looks becomes one transaction."""

    def __init__(self, engine: Engine, most: int) -> None:
        """Begin to write to `engine`, `most` functions in one transaction."""
        self._engine = engine.execution_options(writes=True)
        self._most = most
        self._line: deque[_Write] = deque()
        self._patient: deque[_Write] = deque()
        self._bell = Event()
        self._commits = 0
        self._is_closed = False
        self._thread = Thread(target=self._run, name="database-writer", daemon=True)
        self._thread.start()

    def put(self, fn: Callable[[Session], T], future: AnyFuture[T], *, can_wait: bool) -> None:
        """Let `fn` be run and `future` hear what came of it, after the commit.

        Raises:
            RuntimeError: the database is closed.
        """
        if self._is_closed:
            message = "the database is closed"
            raise RuntimeError(message)
        self._line.append(_Write(fn, future, can_wait=can_wait))
        if isinstance(future, Future):
            self._bell.set()
        else:  # once all that came in with it stands in line too: together they are one commit
            future.get_loop().call_soon(self._bell.set)

    def close(self) -> None:
        """Finish what is waiting and end."""
        self._is_closed = True
        self._bell.set()
        self._thread.join()

    def _run(self) -> None:
        with self._engine.connect() as connection:
            while group := self._wait(connection):
                _commit_together(connection, group)
                self._commits += 1

    def _wait(self, connection: Connection) -> list[_Write]:
        """Wait for something to write and take what goes together. Empty: it is time to stop."""
        while not (group := self._together()) and not self._is_closed:
            if not self._bell.wait(QUIET if self._commits >= UNTIDY else None):
                _tidy(connection)
                self._commits = 0
            self._bell.clear()
        for write in group:
            write.begin()
        return group

    def _together(self) -> list[_Write]:
        """Take a group from the line: first what cannot wait, then a little of the rest."""
        group: list[_Write] = []
        while self._line and len(group) < self._most:
            write = self._line.popleft()
            (self._patient if write.can_wait else group).append(write)
        few = min(PATIENT, self._most - len(group), len(self._patient))
        return group + [self._patient.popleft() for _ in range(few)]


def _tidy(connection: Connection) -> None:
    """Move what is in SQLite's log to where it belongs, so that the log begins anew."""
    driver: Any = connection.connection.driver_connection
    with suppress(sqlite3.Error):  # a full disk, say: nothing is lost, it stays in the log
        driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


class _Write:
    """One function to run and where its caller waits."""

    __slots__ = ("can_wait", "error", "fn", "future", "is_wanted", "result")

    def __init__(
        self, fn: Callable[[Session], Any], future: AnyFuture[Any], *, can_wait: bool
    ) -> None:
        self.fn = fn
        self.future = future
        self.can_wait = can_wait
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
        session = _session(connection, "create_savepoint")
        try:
            self.result = self.fn(session)
            session.commit()
        except BaseException as error:  # noqa: BLE001 - it is the caller's, and is raised there
            self.error = error
        session.close()

    def tell(self) -> None:
        if self.future.cancelled():
            return
        if self.error:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


def _commit_together(connection: Connection, group: list[_Write]) -> None:
    wanted = [write for write in group if write.is_wanted]
    try:
        if not _all_went_well(connection, wanted):
            _each_for_itself(connection, wanted)
    except BaseException as error:  # noqa: BLE001 - no disk, no lock: every caller must hear of it
        connection.invalidate(error)  # SQLite may still be in the transaction it did not commit
        for write in wanted:
            write.error = write.error or error
    _tell(wanted)


def _tell(group: list[_Write]) -> None:
    """Answer all who wait; a loop is woken once for all of its own, because that costs most."""
    loops: dict[asyncio.AbstractEventLoop, list[_Write]] = {}
    for write in group:
        if isinstance(write.future, Future):
            write.tell()
        else:
            loops.setdefault(write.future.get_loop(), []).append(write)
    for loop, writes in loops.items():
        with suppress(RuntimeError):  # it is closed: nobody waits any more
            loop.call_soon_threadsafe(_tell_here, writes)


def _tell_here(group: list[_Write]) -> None:
    for write in group:
        write.tell()


def _all_went_well(connection: Connection, group: list[_Write]) -> bool:
    """Run all in one transaction; False, and nothing of it is kept, if one of them fails.

    They share a session and have no savepoints: those would cost more than all that a click does.
    """
    with connection.begin() as transaction, _session(connection, "rollback_only") as session:
        try:
            for write in group:
                write.result = write.fn(session)
                _leave_nothing(session)
                if not _is_in_transaction(connection):
                    return False  # at once: what followed would be committed by itself
        except BaseException:  # noqa: BLE001 - whose it is, is found out one by one
            if transaction.is_active:  # a flush that failed has rolled back already
                transaction.rollback()
        return transaction.is_active


def _leave_nothing(session: Session) -> None:
    """Write what the session still holds, and forget it: the next function finds it empty."""
    if session.identity_map or session.new:
        session.flush()
        session.expunge_all()


def _each_for_itself(connection: Connection, group: list[_Write]) -> None:
    """Run all once more, each in a savepoint: what fails takes back only its own."""
    with connection.begin():
        for write in group:
            write.run(connection)
            _check_transaction(connection, write)


def _session(connection: Connection, mode: JoinTransactionMode) -> Session:
    return Session(connection, expire_on_commit=False, join_transaction_mode=mode)


def _check_transaction(connection: Connection, write: _Write) -> None:
    """Raise what went wrong if SQLite took back everything for it, as it may for a full disk.

    Without its transaction each later statement would be committed by itself.
    """
    if write.error and not _is_in_transaction(connection):
        raise write.error


def _is_in_transaction(connection: Connection) -> bool:
    return bool(cast("Any", connection.connection.dbapi_connection).in_transaction)
