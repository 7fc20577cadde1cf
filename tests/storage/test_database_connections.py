"""Addresses of databases, pragmas of SQLite's connections, and its checkpoints."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from storage.database import Database
from storage.engine import engine_for
from storage.group_commit import CHECKPOINT_MIN_COMMITS
from tests.storage.database_writes import (
    add_expert,
    add_orphan,
    expert_names,
)

PRAGMAS = [
    ("journal_mode", "wal"),
    ("synchronous", 2),
    ("foreign_keys", 1),
    ("busy_timeout", 10_000),
    ("wal_autocheckpoint", 16_000),
]


@pytest.mark.parametrize(("pragma", "value"), PRAGMAS)
@pytest.mark.parametrize("method", ["read", "write"])
async def test_every_connection_has_durability_pragmas(
    sqlite: Database, method: str, pragma: str, value: object
) -> None:
    def read_pragma(session: Session) -> object:
        return session.connection().exec_driver_sql(f"PRAGMA {pragma}").scalar()

    run = sqlite.read if method == "read" else sqlite.write
    assert await run(read_pragma) == value


async def test_new_connection_after_error_has_durability_pragmas(sqlite: Database) -> None:
    def read_pragmas(session: Session) -> list[object]:
        connection = session.connection()
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name, _ in PRAGMAS]

    with pytest.raises(IntegrityError):
        await sqlite.write(add_orphan)
    assert await sqlite.write(read_pragmas) == [value for _, value in PRAGMAS]


def test_idle_writer_checkpoints_wal(sqlite: Database) -> None:
    checkpoint_started = threading.Event()

    def trace(statement: str) -> None:
        if "wal_checkpoint" in statement:
            checkpoint_started.set()

    def start_trace(session: Session) -> None:
        driver: Any = session.connection().connection.driver_connection
        driver.set_trace_callback(trace)

    sqlite.write_now(start_trace)
    for number in range(CHECKPOINT_MIN_COMMITS):
        sqlite.write_now(add_expert, f"expert {number}")
    assert checkpoint_started.wait(10)
    sqlite.write_now(expert_names)  # waits for the checkpoint, which has begun
    without_wal = f"file:{sqlite.engine.url.database}?immutable=1"
    with closing(sqlite3.connect(without_wal, uri=True)) as file:
        assert file.execute("SELECT count(*) FROM expert").fetchone() == (CHECKPOINT_MIN_COMMITS,)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_postgresql_urls_use_psycopg(scheme: str) -> None:
    engine = engine_for(f"{scheme}://me@nowhere/labels")
    assert engine.driver == "psycopg"
    engine.dispose()


def test_folder_of_new_database_is_created(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/deep/down/labels.db")
    assert database.read_now(
        lambda session: session.connection().execute(text("SELECT 1")).scalar()
    )
    database.close()
