"""Removal of what deleted rows leave in the files of a database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.engine import engine_for, sqlite_file
from storage.outage import outage_cause

BUSY_TIMEOUT_SECONDS = 30.0
"""How long to wait for other processes that use the file."""


class NotCompactedError(Exception):
    """Deleted content may be left in the files. The message says why."""


class DatabaseInUseError(NotCompactedError):
    """Another process uses the SQLite file all the time, so its log was not emptied."""

    def __init__(self) -> None:
        """Say why."""
        super().__init__("another process uses the database all the time")


def compact(url: str, busy_seconds: float = BUSY_TIMEOUT_SECONDS) -> None:
    """Rewrite the database without deleted content, and empty SQLite's write-ahead log.

    SQLite needs free space for a copy of the file, and writes of other processes wait. Before that,
    it waits up to `busy_seconds` for processes that use the file. On PostgreSQL, dead rows become
    free space; its own log and backups are not changed.

    Raises:
        NotCompactedError: it is in use, or the disk is full, for example.
    """
    path = sqlite_file(url)
    try:
        if path is None:
            _vacuum_postgresql(url)
            return
        with closing(_open_sqlite(path, busy_seconds)) as connection:
            connection.execute("VACUUM")
            _empty_log(connection)
    except sqlite3.Error as error:
        raise NotCompactedError(outage_cause(error) or str(error)) from error
    except DBAPIError as error:
        raise NotCompactedError(outage_cause(error) or str(error.orig)) from error


def empty_write_ahead_log(url: str) -> None:
    """Empty SQLite's write-ahead log, which still has what was deleted; nothing on PostgreSQL.

    Raises:
        DatabaseInUseError: the log is not empty. Try again when less happens.
    """
    path = sqlite_file(url)
    if path is not None:
        with closing(_open_sqlite(path, BUSY_TIMEOUT_SECONDS)) as connection:
            _empty_log(connection)


def _empty_log(connection: sqlite3.Connection) -> None:
    """Copy the log into the file and cut it to zero bytes.

    Raises:
        DatabaseInUseError: readers or writers kept it from that.
    """
    (is_busy, _pages, _copied) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise DatabaseInUseError


def _open_sqlite(path: Path, busy_seconds: float) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
    connection.execute("PRAGMA secure_delete=ON")
    return connection


def _vacuum_postgresql(url: str) -> None:
    engine = engine_for(url)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
    finally:
        engine.dispose()
