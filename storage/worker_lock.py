"""A lock that shows other processes whether the one that took on a job still runs.

It ends with its process, however that ends, and no clock is involved: a session-level advisory lock
on PostgreSQL, and a locked file next to the database on SQLite.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from secrets import randbelow
from zlib import crc32

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from storage.engine import sqlite_file

LOCK_CLASS = crc32(b"labelbot worker") >> 1
"""First key of the advisory locks, which tells them from those of other applications."""

MAX_KEY = 2**31

KEEPALIVE_SETTINGS = {
    "tcp_keepalives_idle": 15,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 3,
}
"""Seconds, seconds and attempts after which PostgreSQL drops the lock of a host that is gone."""


class WorkerLock:
    """The lock of a process that works on jobs. `id` is stored with each job that it takes on."""

    def __init__(self, engine: Engine) -> None:
        """Acquire the lock."""
        self.id = str(randbelow(MAX_KEY))
        self._engine = engine
        self._connection: Connection | None = None
        self._file: FileLock | None = None
        if engine.dialect.name == "postgresql":
            self.keep()
        else:
            self._file = _lock_file(engine, self.id)

    def keep(self) -> None:
        """Acquire the lock again, with the same id, if it was lost with its connection.

        Raises:
            DBAPIError: PostgreSQL cannot be reached.
        """
        if self._file:
            return
        if self._connection:
            try:
                self._connection.execute(text("SELECT 1"))
            except DBAPIError:
                self._connection.invalidate()
                self._connection.close()
                self._connection = None
            else:
                return
        self._connection = _lock_in_postgresql(self._engine, int(self.id))

    def close(self) -> None:
        """Release the lock."""
        if self._connection:
            _unlock_in_postgresql(self._connection, int(self.id))
        if self._file:
            Path(self._file.lock_file).unlink(missing_ok=True)
            self._file.release()


def _lock_in_postgresql(engine: Engine, key: int) -> Connection:
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    for name, value in KEEPALIVE_SETTINGS.items():
        connection.execute(text(f"SET {name} = {value}"))
    connection.execute(
        text("SELECT pg_advisory_lock(:class, :key)"), {"class": LOCK_CLASS, "key": key}
    )
    return connection


def _unlock_in_postgresql(connection: Connection, key: int) -> None:
    with suppress(DBAPIError):  # the server has gone, and the lock with it
        connection.execute(
            text("SELECT pg_advisory_unlock(:class, :key)"), {"class": LOCK_CLASS, "key": key}
        )
    connection.invalidate()  # the pool must not use it again with other keepalive settings
    connection.close()


def _lock_file(engine: Engine, worker: str) -> FileLock:
    remove_stale_locks(engine)
    lock = FileLock(f"{_lock_prefix(engine)}{worker}", thread_local=False)
    lock.acquire()
    return lock


def _lock_prefix(engine: Engine) -> Path:
    """Return the beginning of the names of the locks, which are files next to the SQLite file.

    They have no folder of their own: one process could remove it before another creates its file.
    """
    return Path(f"{sqlite_file(engine.url)}-worker-")


def remove_stale_locks(engine: Engine) -> set[str]:
    """Remove the lock files of processes that have ended; return the ids of the others."""
    prefix = _lock_prefix(engine)
    paths = [path for path in prefix.parent.iterdir() if path.name.startswith(prefix.name)]
    return {path.name.removeprefix(prefix.name) for path in paths if not _remove_if_stale(path)}


def _remove_if_stale(path: Path) -> bool:
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return False
    path.unlink(missing_ok=True)
    lock.release()
    return True
