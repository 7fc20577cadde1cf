"""Locks of workers: they end with their process, on both databases."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from storage.database import Database
from storage.queries.workers import live_workers
from storage.worker_lock import WorkerLock, lock_folder

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
    with closing(WorkerLock(database.engine)) as lock:
        folder = lock_folder(database.engine)
        if database.is_sqlite:
            assert [path.name for path in folder.iterdir()] == [lock.id]
    assert not folder.exists()
