"""Outages of the database as a whole: their cause in words.

An outage is different from a statement that fails: nothing at all can be stored until somebody
frees space, changes permissions or starts the server.
"""

from __future__ import annotations

import logging
import sqlite3
from time import monotonic
from typing import Protocol, runtime_checkable

from sqlalchemy.exc import (
    DBAPIError,
    DisconnectionError,
    InvalidRequestError,
    PendingRollbackError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.outage_log import OutageLog

log = logging.getLogger(__name__)

SQLITE_CAUSES = {
    sqlite3.SQLITE_PERM: "the database file may not be opened",
    sqlite3.SQLITE_BUSY: "another process keeps the database locked",
    sqlite3.SQLITE_LOCKED: "another statement keeps the database locked",
    sqlite3.SQLITE_NOMEM: "there is no memory left",
    sqlite3.SQLITE_READONLY: "the database file is read-only",
    sqlite3.SQLITE_IOERR: "the disk reports an error",
    sqlite3.SQLITE_CORRUPT: "the database file is damaged",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_CANTOPEN: "the database file cannot be opened or created",
    sqlite3.SQLITE_PROTOCOL: "the database file cannot be locked",
    sqlite3.SQLITE_NOTADB: "the file is not a database",
}
"""Causes by SQLite's primary result code."""

PRIMARY_CODE_MASK = 0xFF

READ_ONLY_SERVER = "the database is read-only"
"""The cause on a replica, or where a user may only read."""

POSTGRESQL_CAUSES = {
    "08": "the connection to the database server is lost",
    "25006": READ_ONLY_SERVER,
    "28": "the database server rejects the user or password",
    "3D": "the database does not exist",
    "53100": "the disk of the database server is full",
    "53": "the database server has no memory or connections left",
    "25P03": "the connection to the database server is lost",
    "57P": "the database server is stopping or starting",
    "57P04": "the database does not exist",
    "57P05": "the connection to the database server is lost",
    "58": "the database server reports a system error",
    "XX": "the database server reports an internal error",
}
"""Causes by SQLSTATE, or by its first characters."""

UNWRITABLE_CAUSES = (
    SQLITE_CAUSES[sqlite3.SQLITE_PERM],
    SQLITE_CAUSES[sqlite3.SQLITE_READONLY],
    SQLITE_CAUSES[sqlite3.SQLITE_IOERR],
    SQLITE_CAUSES[sqlite3.SQLITE_FULL],
    READ_ONLY_SERVER,
    POSTGRESQL_CAUSES["53100"],
)
"""Causes that permissions or more space remove, not another address."""

NO_ANSWER = "the database server does not answer"

CONNECTION_CAUSES = {
    "the database system is": POSTGRESQL_CAUSES["57P"],
    "authentication failed": POSTGRESQL_CAUSES["28"],
    "no pg_hba.conf entry": POSTGRESQL_CAUSES["28"],
    'database "': POSTGRESQL_CAUSES["3D"],
    'role "': POSTGRESQL_CAUSES["28"],
    "too many clients": POSTGRESQL_CAUSES["53"],
    "remaining connection slots": POSTGRESQL_CAUSES["53"],
}
"""Causes by what the server says when it refuses a connection: then there is no SQLSTATE."""

REFUSAL = "FATAL:"
"""Begins what the server says, whatever the language; the rest may be translated."""

LOST_CONNECTION_CODES = ("8s2b",)
"""Codes of SQLAlchemy for statements after the connection of their transaction was lost."""

NO_CONNECTION_TEXT = "This connection is closed"
"""SQLAlchemy's message if several connections in a row were lost."""

SUBJECT = "database"
"""The subject of outages in the log."""

SECONDS_BETWEEN_TESTS = 1.0
"""Seconds between two tests whether an outage is over."""


@runtime_checkable
class PostgresqlError(Protocol):
    """What errors of psycopg have in common. On SQLite, psycopg itself is not loaded."""

    sqlstate: str | None


def is_database_error(error: BaseException) -> bool:
    """Return whether an error is one of the database, an outage or not."""
    return isinstance(error, SQLAlchemyError)


def outage_cause(error: BaseException) -> str | None:
    """Return why the database cannot be used; None for any other error."""
    found = _find_outage(error)
    return found[0] if found else None


def _find_outage(error: BaseException | None) -> tuple[str, BaseException] | None:
    """Return the cause of an outage and the error that has it."""
    if isinstance(error, PoolTimeoutError):
        return "all connections to the database are in use", error
    if error is None:
        return None
    if isinstance(error, DisconnectionError) or _is_lost_connection(error):
        return NO_ANSWER, error
    if isinstance(error, sqlite3.Error | PostgresqlError):
        cause = _cause_of_driver_error(error, is_lost=False)
        return (cause, error) if cause else None
    while isinstance(error, DBAPIError):
        if cause := _cause_of_driver_error(error.orig, is_lost=error.connection_invalidated):
            return cause, error
        # SQLite has rolled back; the statement that failed after that hides the first error.
        error = _earlier_error(error)
    return None


def _earlier_error(error: BaseException) -> BaseException | None:
    """Return the database error that was being handled when this one was raised."""
    earlier = error.__context__
    while earlier is not None and not isinstance(earlier, DBAPIError):
        earlier = earlier.__context__  # the error of the driver is in between
    return earlier


def _is_lost_connection(error: BaseException) -> bool:
    """Return whether SQLAlchemy itself reports that there is no connection."""
    if isinstance(error, PendingRollbackError):
        return error.code in LOST_CONNECTION_CODES
    return type(error) is InvalidRequestError and str(error) == NO_CONNECTION_TEXT


def _cause_of_driver_error(error: BaseException | None, *, is_lost: bool) -> str | None:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) or 0
        return SQLITE_CAUSES.get(code & PRIMARY_CODE_MASK)
    if isinstance(error, PostgresqlError):
        return _postgresql_cause(error, is_lost=is_lost)
    return None


def _postgresql_cause(error: PostgresqlError, *, is_lost: bool) -> str | None:
    sqlstate = error.sqlstate
    if sqlstate is None:
        refusal = str(error).rpartition(REFUSAL)[2].strip() if REFUSAL in str(error) else ""
        return next(
            (cause for text, cause in CONNECTION_CAUSES.items() if text in refusal), NO_ANSWER
        )
    for length in (5, 3, 2):
        if cause := POSTGRESQL_CAUSES.get(sqlstate[:length]):
            return cause
    return NO_ANSWER if is_lost else None


class Outage:
    """The current outage of one database, if there is one; it is logged when it begins and ends."""

    def __init__(self) -> None:
        """Start without an outage."""
        self.cause: str | None = None
        self._next_test_at = 0.0
        self._log = OutageLog(log)

    def record(self, error: BaseException) -> None:
        """Begin an outage if the error is one."""
        if found := _find_outage(error):
            self.cause = found[0]
            self._log.begin(
                SUBJECT, f"nothing can be stored: {self.cause} ({_first_line(found[1])})"
            )

    def end(self) -> None:
        """Record that something was stored."""
        self._log.end(SUBJECT, f"answers can be stored again; the cause was: {self.cause}")
        self.cause = None

    def needs_test(self) -> bool:
        """Return whether it is time to test if the outage is over, at most once a second."""
        if self.cause is None or monotonic() < self._next_test_at:
            return False
        self._next_test_at = monotonic() + SECONDS_BETWEEN_TESTS
        return True


def _first_line(error: BaseException) -> str:
    original = getattr(error, "orig", None) or error
    return " ".join(str(original).split())[:200]
