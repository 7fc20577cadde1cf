"""The writer thread itself: order of the writes, canceled writes, and errors that it survives."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from storage.database import Database
from storage.group_commit import CHECKPOINT_MIN_COMMITS, MAX_LOW_PRIORITY, GroupCommit
from storage.tables import Expert
from tests.storage.database_writes import new_expert

T = TypeVar("T")

MAX_BATCH = 4


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    """Yield an open SQLite database."""
    opened = Database(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def writer(database: Database) -> Iterator[GroupCommit]:
    """Yield a writer that commits up to four functions together."""
    started = GroupCommit(database.engine, MAX_BATCH)
    yield started
    started.close()


def submit(
    writer: GroupCommit, function: Callable[[Session], T], *, low_priority: bool = False
) -> Future[T]:
    """Queue a function and return its future."""
    future: Future[T] = Future()
    writer.submit(function, future, low_priority=low_priority)
    return future


def run(writer: GroupCommit, function: Callable[[Session], T]) -> T:
    """Queue a function and return its result."""
    return submit(writer, function).result(10)


def append(names: list[str], name: str) -> Callable[[Session], None]:
    """Return a function that records that it has run."""
    return lambda _session: names.append(name)


def return_value(value: T) -> Callable[[Session], T]:
    """Return a function that writes nothing and returns a value."""
    return lambda _session: value


def count_experts(session: Session) -> int:
    """Return how many experts are stored."""
    return len(session.exec(select(Expert)).all())


class Pause:
    """Keeps the writer busy until `end`, so that later writes are queued together."""

    def __init__(self, writer: GroupCommit) -> None:
        """Return once the writer waits."""
        self._is_over, has_begun = threading.Event(), threading.Event()

        def wait(_session: Session) -> None:
            has_begun.set()
            assert self._is_over.wait(10)

        self._future = submit(writer, wait)
        assert has_begun.wait(10)

    def end(self) -> None:
        """Let the writer continue."""
        self._is_over.set()
        self._future.result(10)


def test_urgent_writes_go_first_and_only_a_few_others_join_each_commit(
    database: Database, writer: GroupCommit
) -> None:
    commits: list[list[str]] = []
    current: list[str] = []

    def end_batch(*_: object) -> None:
        commits.append(list(current))
        current.clear()

    pause = Pause(writer)
    futures = [
        submit(writer, append(current, name), low_priority=name.isupper()) for name in "ABCaDbEcdeF"
    ]
    event.listen(database.engine, "commit", end_batch)
    pause.end()
    for future in futures:
        future.result(10)
    assert commits == [[], list("abcd"), list("eAB"), list("CD"), list("EF")]
    assert MAX_LOW_PRIORITY == 2


def test_urgent_writes_leave_only_the_rest_of_a_commit_to_others(writer: GroupCommit) -> None:
    order: list[str] = []
    pause = Pause(writer)
    futures = [
        submit(writer, append(order, name), low_priority=name.isupper()) for name in "ABCabcdefg"
    ]
    pause.end()
    for future in futures:
        future.result(10)
    assert "".join(order) == "abcdefgABC"


def test_canceled_write_is_skipped_and_the_others_are_not(writer: GroupCommit) -> None:
    done: list[str] = []
    pause = Pause(writer)
    canceled, kept = (submit(writer, append(done, name)) for name in "ab")
    assert canceled.cancel()
    pause.end()
    kept.result(10)
    with pytest.raises(CancelledError):
        canceled.result(10)
    assert done == ["b"]


def test_write_that_has_begun_can_no_longer_be_canceled(writer: GroupCommit) -> None:
    futures: list[Future[bool]] = []
    pause = Pause(writer)
    futures.append(submit(writer, lambda _session: futures[0].cancel()))
    pause.end()
    assert futures[0].result(10) is False


def test_event_loop_that_was_closed_does_not_stop_the_writer(writer: GroupCommit) -> None:
    done: list[str] = []
    loop = asyncio.new_event_loop()
    pause = Pause(writer)
    writer.submit(append(done, "a"), loop.create_future(), low_priority=False)
    loop.close()
    pause.end()
    run(writer, append(done, "b"))
    run(writer, append(done, "c"))
    assert done == ["a", "b", "c"]


def test_checkpoint_that_fails_does_not_stop_the_writer(writer: GroupCommit) -> None:
    was_refused = threading.Event()

    def authorize(action: int, argument: str | None, *_: object) -> int:
        if action == sqlite3.SQLITE_PRAGMA and argument == "wal_checkpoint":
            was_refused.set()
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    def refuse_checkpoints(session: Session) -> None:
        driver: Any = session.connection().connection.driver_connection
        driver.set_authorizer(authorize)

    run(writer, refuse_checkpoints)
    for _ in range(CHECKPOINT_MIN_COMMITS - 1):
        run(writer, return_value(None))
    assert was_refused.wait(10)
    assert run(writer, return_value("written")) == "written"


def test_writer_tries_to_connect_again_after_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "missing"
    writer = GroupCommit(create_engine(f"sqlite:///{folder}/labels.db"), MAX_BATCH)
    early = [submit(writer, return_value("too early")) for _ in range(3)]
    for future in early:
        with pytest.raises(OperationalError, match="unable to open"):
            future.result(10)
    folder.mkdir()
    assert run(writer, return_value("written")) == "written"
    writer.close()


def test_closed_writer_finishes_what_is_queued_and_refuses_more(writer: GroupCommit) -> None:
    pause = Pause(writer)
    futures = [submit(writer, return_value(n)) for n in range(3 * MAX_BATCH)]
    closer = threading.Thread(target=writer.close)
    closer.start()
    pause.end()
    closer.join(10)
    assert [future.result(0) for future in futures] == list(range(3 * MAX_BATCH))
    with pytest.raises(RuntimeError, match=r"^the database is closed$"):
        submit(writer, return_value(None))


def test_writer_thread_has_a_name_and_does_not_keep_the_process_alive(writer: GroupCommit) -> None:
    threads = [thread for thread in threading.enumerate() if thread.name == "database-writer"]
    assert threads
    assert all(thread.daemon for thread in threads)
    run(writer, return_value(None))


def test_changed_row_is_stored_and_the_next_write_starts_without_it(writer: GroupCommit) -> None:
    loaded_rows: list[int] = []

    def rename(session: Session, name: str) -> None:
        loaded_rows.append(len(session.identity_map))
        session.get_one(Expert, 1).pseudonym = name

    run(writer, lambda session: session.add(new_expert("ada")))
    pause = Pause(writer)
    for name in ("otter", "heron"):
        submit(writer, partial(rename, name=name))
    pause.end()
    assert run(writer, lambda session: session.get_one(Expert, 1).pseudonym) == "heron"
    assert loaded_rows == [0, 0]


def test_writes_without_errors_need_no_savepoints(database: Database, writer: GroupCommit) -> None:
    savepoints: list[object] = []
    event.listen(database.engine, "savepoint", lambda *details: savepoints.append(details))
    pause = Pause(writer)
    futures = [submit(writer, count_experts) for _ in range(MAX_BATCH)]
    pause.end()
    assert [future.result(10) for future in futures] == [0] * MAX_BATCH
    assert savepoints == []


def test_file_is_locked_for_other_writers_before_the_function_runs(
    database: Database, writer: GroupCommit
) -> None:
    def write_elsewhere(_session: Session) -> None:
        path = str(database.engine.url.database)
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")

    with pytest.raises(sqlite3.OperationalError, match="locked"):
        run(writer, write_elsewhere)


def test_transaction_that_is_lost_without_an_error_fails_all_writes_of_the_commit(
    writer: GroupCommit,
) -> None:
    def lose_transaction(session: Session) -> None:
        session.connection().exec_driver_sql("ROLLBACK")

    pause = Pause(writer)
    lost = [submit(writer, lambda session: session.add(new_expert("ada")))]
    lost += [submit(writer, lose_transaction)]
    pause.end()
    assert all(future.exception(10) for future in lost)
    assert run(writer, count_experts) == 0


def test_row_can_be_used_after_another_write_of_its_commit_failed(writer: GroupCommit) -> None:
    def add(session: Session) -> Expert:
        expert = new_expert("ada")
        session.add(expert)
        session.flush()
        return expert

    def fail(_session: Session) -> None:
        raise LookupError

    pause = Pause(writer)
    added, failed = submit(writer, add), submit(writer, fail)
    pause.end()
    assert added.result(10).slack_id == "ada"
    assert isinstance(failed.exception(10), LookupError)
