"""Whether an error of the database is an outage, or belongs to the statement that failed."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import (
    DBAPIError,
    DisconnectionError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

SQLITE_OUTAGES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
"""Result codes of a file that cannot be read or written now: https://sqlite.org/rescode.html"""

PRIMARY_CODE = 0xFF
"""The bits of an extended result code that are the primary code."""

READ_ONLY_TRANSACTION = "25006"
"""PostgreSQL's state of a standby server."""


def is_outage(error: BaseException) -> bool:
    """Check whether an error means that the database is not available.

    Any other error of the database, such as a violated constraint, comes back with each retry.
    """
    if isinstance(error, PoolTimeoutError | DisconnectionError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", None)
        return code is not None and code & PRIMARY_CODE in SQLITE_OUTAGES
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return getattr(error.orig, "sqlstate", None) == READ_ONLY_TRANSACTION


def is_database_error(error: BaseException) -> bool:
    """Check whether an error is one of the database, an outage or not."""
    return isinstance(error, SQLAlchemyError)
