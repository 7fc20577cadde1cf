"""Connections to SQLite and PostgreSQL with the settings that durability and privacy require."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

POOL_SIZE = 8
"""Connections per process: for reads (SQLite) or for everything (PostgreSQL)."""

PING_AFTER_IDLE_SECONDS = 1.0
"""Idle seconds after which a connection is pinged before use: the server may have restarted."""

WAL_AUTOCHECKPOINT_PAGES = 16_000
"""WAL pages (64 MB) after which a commit runs a checkpoint, which delays a few clicks."""

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "busy_timeout=10000",
    f"wal_autocheckpoint={WAL_AUTOCHECKPOINT_PAGES}",
)

MAX_BUSY_SECONDS, BUSY_PAUSE_SECONDS = 5.0, 0.01
"""How long a pragma is tried again while SQLite is busy, and the pause in between."""

WRITER_PAUSE_SECONDS = 0.001
"""Pause between two attempts to begin a transaction while another process writes."""

PRIMARY_CODE = 0xFF
"""The bits of SQLite's extended error codes that have the primary code."""

TIMEOUTS = {
    "connect_timeout": "10",  # seconds
    "tcp_user_timeout": "15000",  # milliseconds without acknowledgment of what was sent
    "keepalives_idle": "10",  # seconds
    "keepalives_interval": "3",
    "keepalives_count": "3",
}
"""Parameters of libpq, unless the URL has them. They close a connection 20 seconds after its server
stopped responding."""


def _dump_json(value: object) -> str:
    return orjson.dumps(value).decode()


def _set_sqlite_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        _set_pragma(cursor, pragma)
    cursor.close()


def _set_pragma(cursor: Any, pragma: str) -> None:  # noqa: ANN401 - a DBAPI cursor
    """Set a pragma; try again for some time if SQLite is busy.

    When several processes open a new file, SQLite does not wait for the one that turns on WAL.
    """
    deadline = monotonic() + MAX_BUSY_SECONDS
    while True:
        try:
            cursor.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or monotonic() > deadline:
                raise
            sleep(BUSY_PAUSE_SECONDS)
        else:
            return


def _begin_transaction(connection: Connection) -> None:
    if _is_writer(connection):
        _begin_writing(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Begin a transaction that writes; while another process writes, try again each millisecond.

    SQLite itself tries less and less often, in the end each 100 ms. Beside an import, which has a
    transaction after the other, an answer would wait for many of them instead of for one.
    """
    driver: Any = connection.connection.driver_connection
    (milliseconds,) = driver.execute("PRAGMA busy_timeout").fetchone()
    deadline = monotonic() + milliseconds / 1_000
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while not _try_to_begin(connection, deadline):
            sleep(WRITER_PAUSE_SECONDS)
    finally:
        driver.execute(f"PRAGMA busy_timeout={milliseconds}")


def _try_to_begin(connection: Connection, deadline: float) -> bool:
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        if not _is_busy(error.orig) or monotonic() > deadline:
            raise
        return False
    return True


def _is_busy(error: BaseException | None) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) or 0  # errors of the driver itself have none
    return bool(code & PRIMARY_CODE == sqlite3.SQLITE_BUSY)


def _is_writer(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("writes"))


def _disable_driver_transactions(connection: Any, _record: object) -> None:  # noqa: ANN401 - DBAPI
    connection.isolation_level = None


def _set_stream_cursor(connection: Any, _record: object) -> None:  # noqa: ANN401 - DBAPI
    # psycopg takes 9 MB of memory, so only a process that uses PostgreSQL loads it.
    connection.server_cursor_factory = import_module("storage.stream_cursor").StreamCursor


def _limit_idle(seconds: float, connection: Any, _record: object) -> None:  # noqa: ANN401 - DBAPI
    milliseconds = round(1_000 * seconds)
    connection.execute(f"SET idle_in_transaction_session_timeout = {milliseconds}")
    connection.commit()


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


def engine_for(url: str, frozen_transaction_seconds: float | None = None) -> Engine:
    """Return an engine with the settings that durability requires.

    PostgreSQL ends a transaction in which nothing happens for `frozen_transaction_seconds`.

    SQLite: WAL, `synchronous=FULL`, foreign keys, and explicit BEGIN statements (the driver's own
    begin late and break savepoints).
    """
    target = _with_driver(make_url(url))
    engine = create_engine(
        target,
        poolclass=QueuePool,
        pool_size=POOL_SIZE + 1,
        pool_use_lifo=True,
        hide_parameters=True,  # they hold what people wrote, and errors are logged
        json_serializer=_dump_json,
        json_deserializer=orjson.loads,
        **({"connect_args": {"check_same_thread": False}} if is_sqlite(target) else {}),
    )
    if is_sqlite(target):
        event.listen(engine, "connect", _set_sqlite_pragmas)
        event.listen(engine, "connect", _disable_driver_transactions)
        event.listen(engine, "begin", _begin_transaction)
    else:
        event.listen(engine, "connect", _set_stream_cursor)
        if frozen_transaction_seconds is not None:
            event.listen(engine, "connect", partial(_limit_idle, frozen_transaction_seconds))
        event.listen(engine, "checkin", _record_checkin)
        event.listen(engine, "checkout", partial(_ping_idle_connection, engine.dialect))
    return engine


def sqlite_file(url: str | URL) -> Path | None:
    """Return the file of a SQLite database, with symbolic links resolved; None for PostgreSQL."""
    parsed = make_url(url)
    if not is_sqlite(parsed) or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database).removeprefix("file:")).resolve()


def _with_driver(url: URL) -> URL:
    if url.drivername in ("postgresql", "postgres"):
        return _with_timeouts(url.set(drivername="postgresql+psycopg"))
    path = sqlite_file(url)
    if path and "uri" not in url.query:
        _create_private_file(path)
    return url


def _with_timeouts(url: URL) -> URL:
    missing = {name: value for name, value in TIMEOUTS.items() if name not in url.query}
    return url.update_query_dict(missing)


def _create_private_file(path: Path) -> None:
    """Create a missing file that only its owner may read; SQLite's other files get its mode.

    An existing file keeps its mode. If this fails, SQLite reports the reason.
    """
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def is_sqlite(url: URL) -> bool:
    """Return whether a URL names a SQLite database."""
    return url.get_backend_name() == "sqlite"
