"""Locks of workers: they end with their process, on both databases."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from storage.database import Database
from storage.engine import sqlite_file
from storage.queries.workers import live_workers
from storage.worker_lock import WorkerLock
from tests.conftest import END_LOCKS

HOLD_LOCK = """
import sys
from storage.database import Database
from storage.worker_lock import WorkerLock
lock = WorkerLock(Database(sys.argv[1]).engine)
print(lock.id, flush=True)
sys.stdin.read()
"""


@contextmanager
def other_process(url: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a process that holds a worker lock; yield it and the id of its lock."""
    command = [sys.executable, "-c", HOLD_LOCK, url]
    with subprocess.Popen(  # noqa: S603 - this interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.fixture
def database(empty_url: str) -> Iterator[Database]:
    """Yield an empty database."""
    with closing(Database(empty_url)) as opened:
        yield opened


def test_worker_is_live_until_it_closes_its_lock(database: Database) -> None:
    with closing(WorkerLock(database.engine)) as first, closing(WorkerLock(database.engine)):
        assert first.id in database.read_now(live_workers)
        assert len(database.read_now(live_workers)) == 2
    assert database.read_now(live_workers) == set()


def test_lock_ends_when_its_process_is_killed(database: Database, empty_url: str) -> None:
    with other_process(empty_url) as (process, worker):
        assert database.read_now(live_workers) == {worker}
        process.kill()
        process.wait()
        for _ in range(1000):  # PostgreSQL notices after a moment that the connection is gone
            if not database.read_now(live_workers):
                break
        assert database.read_now(live_workers) == set()


def test_killed_processes_leave_no_lock_files(database: Database, empty_url: str) -> None:
    with other_process(empty_url) as (process, _):
        process.kill()
        process.wait()
    path = sqlite_file(empty_url)
    with closing(WorkerLock(database.engine)) as lock:
        if path:
            assert [each.name for each in lock_files(path)] == [f"{path.name}-worker-{lock.id}"]
    assert not path or not lock_files(path)


def lock_files(path: Path) -> list[Path]:
    """Return the lock files next to a database."""
    return list(path.parent.glob(f"{path.name}-worker-*"))


def test_locks_that_begin_and_end_at_the_same_time_are_live_meanwhile(database: Database) -> None:
    def work(_number: int) -> None:
        for _ in range(50):
            with closing(WorkerLock(database.engine)) as lock:
                assert lock.id in database.read_now(live_workers)

    with ThreadPoolExecutor(4) as executor:
        list(executor.map(work, range(4)))
    assert database.read_now(live_workers) == set()


def test_lock_that_was_lost_with_its_connection_is_acquired_again(postgresql_url: str) -> None:
    with (
        closing(Database(postgresql_url)) as database,
        closing(WorkerLock(database.engine)) as lock,
        psycopg.connect(postgresql_url, autocommit=True) as connection,
    ):
        connection.execute(END_LOCKS)
        lock.keep()
        assert database.read_now(live_workers) == {lock.id}
