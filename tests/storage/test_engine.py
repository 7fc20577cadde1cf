"""Tests of the database file: private from the start, and in the place that the URL names."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage.database import Database
from storage.engine import TIMEOUTS, engine_for, sqlite_file
from storage.queries.health import probe_write
from storage.schema_upgrade import upgrade


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """Set the umask of this process."""
    previous = os.umask(mask)
    try:
        yield
    finally:
        os.umask(previous)


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


@pytest.mark.slow
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_new_database_and_its_companions_are_private(tmp_path: Path, mask: int) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    with umask(mask):
        upgrade(url)
        with closing(Database(url)) as database:
            database.write_now(probe_write)
            modes = _modes(tmp_path)
    assert set(modes) == {"new.db", "new.db-wal", "new.db-shm"}
    assert set(modes.values()) == {0o600}


def test_writer_tries_often_while_another_process_writes(sqlite_url: str) -> None:
    """SQLite itself would try once and wait: the other one ends only after twenty attempts."""
    engine, attempts = engine_for(sqlite_url), count(1)
    with closing(sqlite3.connect(str(engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        @event.listens_for(engine, "before_cursor_execute")
        def end_other_transaction(*arguments: object) -> None:
            if "BEGIN IMMEDIATE" in arguments and next(attempts) == 20:
                other.execute("ROLLBACK")

        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            timeout = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    engine.dispose()
    assert (next(attempts), timeout) == (21, 10_000)


def test_existing_database_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.touch()
    path.chmod(0o640)
    upgrade(f"sqlite:///{path}")
    with closing(Database(f"sqlite:///{path}")) as database:
        database.write_now(_write_and_look, tmp_path)
    assert _modes(tmp_path)["old.db"] == 0o640


def _write_and_look(session: Session, folder: Path) -> None:
    probe_write(session)
    assert set(_modes(folder).values()) == {0o640}


def test_folder_of_a_new_database_is_created(tmp_path: Path) -> None:
    upgrade(f"sqlite:///{tmp_path / 'a' / 'b' / 'new.db'}")
    assert (tmp_path / "a" / "b" / "new.db").is_file()


def test_file_of_a_url_is_resolved(tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "target.db")
    assert sqlite_file(f"sqlite:///{link}") == tmp_path / "target.db"
    assert sqlite_file(f"sqlite:///file:{link}?mode=ro&uri=true") == tmp_path / "target.db"
    assert sqlite_file("postgresql://x/y") is None


@pytest.mark.parametrize(
    ("query", "seconds"), [("", TIMEOUTS["connect_timeout"]), ("?connect_timeout=2", "2")]
)
def test_connection_attempts_to_a_server_end(query: str, seconds: str) -> None:
    engine = engine_for(f"postgresql://nobody@127.0.0.1:9/none{query}")
    assert engine.url.query["connect_timeout"] == seconds


def test_server_ends_a_frozen_transaction_of_a_bot_so_that_others_get_its_locks(
    postgresql_url: str,
) -> None:
    lock = text("SELECT pg_advisory_xact_lock(1)")
    frozen_engine, engine = engine_for(postgresql_url, 0.1), engine_for(postgresql_url)
    with frozen_engine.connect() as frozen, engine.connect() as other:
        frozen.execute(lock)
        other.execute(lock)  # waits until the server has ended the other transaction
        with pytest.raises(DBAPIError, match="idle-in-transaction"):
            frozen.execute(lock)
    frozen_engine.dispose()
    engine.dispose()


def test_new_file_is_opened_several_times_at_once(tmp_path: Path) -> None:
    all_are_ready = Barrier(8)

    def read_journal_mode(number: int) -> str:
        engine = engine_for(f"sqlite:///{tmp_path}/new-{number // 8}.db")
        all_are_ready.wait()
        with engine.connect() as connection:
            mode = str(connection.execute(text("PRAGMA journal_mode")).scalar())
        engine.dispose()
        return mode

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(read_journal_mode, range(8 * 100))) == {"wal"}
