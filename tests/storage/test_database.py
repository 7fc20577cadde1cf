"""The database: acknowledged writes are stored, and a failed write does not affect others."""

from __future__ import annotations

import asyncio
import math
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, col

from storage.database import MAX_ATTEMPTS, MAX_WRITES_PER_COMMIT, Database
from storage.engine import engine_for
from storage.group_commit import CHECKPOINT_MIN_COMMITS
from storage.tables import AuditEvent, Expert, Membership
from storage.types import UtcDateTime

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """Yield an open SQLite database."""
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    """Yield an open PostgreSQL database."""
    database = Database(postgresql_url)
    yield database
    database.close()


def new_expert(name: str) -> Expert:
    """Return a new expert."""
    return Expert(slack_id=name, pseudonym=name, work_days=[1], created_at=NOW)


def add_expert(session: Session, name: str) -> str:
    """Add an expert and flush, so that a duplicate is refused here and not at the commit."""
    session.add(new_expert(name))
    session.flush()
    return name


def expert_names(session: Session) -> list[str]:
    """Return the experts in order of creation."""
    return list(
        session.connection()
        .execute(select(col(Expert.slack_id)).order_by(col(Expert.id)))
        .scalars()
    )


class BoomError(Exception):
    """Raised by functions that fail in these tests."""


def add_and_fail(session: Session, name: str) -> None:
    """Add an expert and fail."""
    add_expert(session, name)
    raise BoomError(name)


def add_orphan(session: Session) -> None:
    """Violate a foreign key, which SQLite then detects only at the commit."""
    session.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    session.add(Membership(campaign_id=404, expert_id=404, joined_at=NOW))
    session.flush()


class Gate:
    """Keeps the writer busy until it is opened, so that later writes become one batch."""

    def __init__(self, database: Database) -> None:
        """Close the gate; return once the writer waits at it."""
        self._open = threading.Event()
        reached = threading.Event()

        def wait(_session: Session) -> None:
            reached.set()
            assert self._open.wait(10)

        self._thread = threading.Thread(target=lambda: database.write_now(wait))
        self._thread.start()
        assert reached.wait(10)

    def open(self) -> None:
        """Let the writer continue."""
        self._open.set()
        self._thread.join()


async def gather_results(*writes: Any) -> list[Any]:  # noqa: ANN401 - any coroutines
    """Return what each coroutine returned or raised."""
    return await asyncio.gather(*writes, return_exceptions=True)


async def run_in_one_batch(database: Database, *writes: Callable[[], Any]) -> list[Any]:
    """Start all writes while the writer is busy, then let it continue; return their results."""
    gate = await asyncio.to_thread(Gate, database)
    tasks = [asyncio.ensure_future(write()) for write in writes]
    await asyncio.sleep(0)
    await asyncio.to_thread(gate.open)
    return await gather_results(*tasks)


async def test_write_returns_result_of_function(database: Database) -> None:
    assert await database.write(add_expert, "ada") == "ada"
    assert await database.read(expert_names) == ["ada"]


async def test_arguments_are_passed_to_function(database: Database) -> None:
    def echo(session: Session, first: int, *, second: int) -> tuple[int, int]:
        assert isinstance(session, Session)
        return first, second

    assert await database.write(echo, 1, second=2) == (1, 2)
    assert await database.read(echo, 1, second=2) == (1, 2)
    assert database.write_now(echo, 1, second=2) == (1, 2)
    assert database.read_now(echo, 1, second=2) == (1, 2)


async def test_write_returns_only_after_commit(database: Database) -> None:
    """Another connection must see what has been acknowledged."""
    url = database.engine.url
    for number in range(20):
        await database.write(add_expert, f"expert-{number}")
        if database.is_sqlite:
            with sqlite3.connect(str(url.database)) as other:
                (count,) = other.execute("SELECT count(*) FROM expert").fetchone()
            other.close()
        else:
            address = url.set(drivername="postgresql").render_as_string(hide_password=False)
            with psycopg.connect(address) as connection:
                row = connection.execute("SELECT count(*) FROM expert").fetchone()
                count = row[0] if row else 0
        assert count == number + 1


async def test_failed_write_raises_at_caller_and_stores_nothing(
    database: Database,
) -> None:
    with pytest.raises(BoomError, match="eve"):
        await database.write(add_and_fail, "eve")
    with pytest.raises(BoomError):
        database.write_now(add_and_fail, "eve")
    assert await database.read(expert_names) == []


async def test_failed_write_in_batch_undoes_only_its_own_changes(sqlite: Database) -> None:
    results = await run_in_one_batch(
        sqlite,
        lambda: sqlite.write(add_expert, "ada"),
        lambda: sqlite.write(add_and_fail, "eve"),
        lambda: sqlite.write(add_expert, "bob"),
    )
    assert results[0] == "ada"
    assert isinstance(results[1], BoomError)
    assert results[2] == "bob"
    assert await sqlite.read(expert_names) == ["ada", "bob"]


async def test_refused_row_undoes_only_changes_of_its_own_write(sqlite: Database) -> None:
    """The ORM rolls back after a failed flush: that must not affect other writes."""
    results = await run_in_one_batch(
        sqlite,
        lambda: sqlite.write(add_expert, "ada"),
        lambda: sqlite.write(add_expert, "ada"),
        lambda: sqlite.write(add_expert, "bob"),
    )
    assert results[0] == "ada"
    assert isinstance(results[1], IntegrityError)
    assert results[2] == "bob"
    assert await sqlite.read(expert_names) == ["ada", "bob"]


async def test_unflushed_row_that_is_refused_fails_only_its_own_write(sqlite: Database) -> None:
    results = await run_in_one_batch(
        sqlite,
        lambda: sqlite.write(add_expert, "ada"),
        lambda: sqlite.write(lambda session: session.add(new_expert("ada"))),
        lambda: sqlite.write(add_expert, "bob"),
    )
    assert isinstance(results[1], IntegrityError)
    assert await sqlite.read(expert_names) == ["ada", "bob"]


async def test_function_can_continue_after_refused_row(database: Database) -> None:
    def continue_after_refusal(session: Session) -> str:
        add_expert(session, "ada")
        with pytest.raises(IntegrityError), session.begin_nested():
            add_expert(session, "ada")
        return add_expert(session, "bob")

    assert await database.write(continue_after_refusal) == "bob"
    assert await database.read(expert_names) == ["ada", "bob"]


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_exit_in_function_does_not_stop_writer(
    database: Database, error: type[BaseException]
) -> None:
    def exit_process(session: Session) -> None:
        add_expert(session, "eve")
        raise error

    with pytest.raises(error):
        database.write_now(exit_process)
    assert database.write_now(add_expert, "ada") == "ada"
    assert database.read_now(expert_names) == ["ada"]


async def test_writes_run_in_order_of_calls(
    sqlite: Database,
) -> None:
    expected = [f"expert-{number}" for number in range(3 * MAX_WRITES_PER_COMMIT)]
    writes = [lambda name=name: sqlite.write(add_expert, name) for name in expected]
    assert await run_in_one_batch(sqlite, *writes) == expected
    assert await sqlite.read(expert_names) == expected


async def test_batch_is_one_transaction_up_to_maximum_size(sqlite: Database) -> None:
    commits = 0

    def count(*_: object) -> None:
        nonlocal commits
        commits += 1

    event.listen(sqlite.engine, "commit", count)
    writes = [
        lambda number=number: sqlite.write(add_expert, f"e{number}")
        for number in range(2 * MAX_WRITES_PER_COMMIT)
    ]
    await run_in_one_batch(sqlite, *writes)
    assert commits == 3  # the gate's own, and two batches


async def test_write_cancelled_before_it_begins_is_skipped(sqlite: Database) -> None:
    gate = await asyncio.to_thread(Gate, sqlite)
    leaving = asyncio.ensure_future(sqlite.write(add_expert, "eve"))
    staying = asyncio.ensure_future(sqlite.write(add_expert, "ada"))
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    await asyncio.to_thread(gate.open)
    assert await staying == "ada"
    assert await sqlite.read(expert_names) == ["ada"]


async def test_write_cancelled_while_running_does_not_affect_others(database: Database) -> None:
    begun, may_continue = threading.Event(), threading.Event()

    def add_slowly(session: Session) -> str:
        begun.set()
        assert may_continue.wait(10)
        return add_expert(session, "slow")

    leaving = asyncio.ensure_future(database.write(add_slowly))
    await asyncio.to_thread(begun.wait, 10)
    leaving.cancel()
    may_continue.set()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert await database.write(add_expert, "ada") == "ada"
    assert "ada" in await database.read(expert_names)


async def test_failed_commit_is_raised_at_every_caller_of_batch(sqlite: Database) -> None:
    results = await run_in_one_batch(
        sqlite,
        lambda: sqlite.write(add_expert, "ada"),
        lambda: sqlite.write(add_orphan),
        lambda: sqlite.write(add_and_fail, "eve"),
        lambda: sqlite.write(add_expert, "bob"),
    )
    kinds = [type(error) for error in results]
    assert kinds == [IntegrityError, IntegrityError, BoomError, IntegrityError]
    assert await sqlite.read(expert_names) == []


async def test_write_after_failed_commit_is_stored(sqlite: Database) -> None:
    with pytest.raises(IntegrityError):
        await sqlite.write(add_orphan)
    assert await sqlite.write(add_expert, "ada") == "ada"
    assert await sqlite.read(expert_names) == ["ada"]


def fill_disk(session: Session) -> None:
    """Write until the disk is full; SQLite may roll back the whole transaction, or not."""
    session.connection().exec_driver_sql("PRAGMA max_page_count=1")  # the current size
    for number in range(200):
        add_expert(session, f"{number}" * 400)


@pytest.mark.parametrize("before", [0, 1, 5])
async def test_full_disk_stores_exactly_the_acknowledged_writes(
    sqlite: Database, before: int
) -> None:
    for number in range(before):
        await sqlite.write(add_expert, f"earlier-{number}" * 300)
    earlier = await sqlite.read(expert_names)
    results = await run_in_one_batch(
        sqlite,
        lambda: sqlite.write(add_expert, "ada"),
        lambda: sqlite.write(fill_disk),
        lambda: sqlite.write(add_expert, "bob"),
    )
    assert isinstance(results[1], OperationalError)
    acknowledged = [name for name in results if isinstance(name, str)]
    assert await sqlite.read(expert_names) == [*earlier, *acknowledged]


async def test_lost_transaction_is_raised_at_every_caller(sqlite: Database) -> None:
    def lose_transaction(session: Session) -> None:
        session.connection().exec_driver_sql("ROLLBACK")
        raise BoomError

    results = await run_in_one_batch(
        sqlite,
        lambda: sqlite.write(add_expert, "ada"),
        lambda: sqlite.write(lose_transaction),
        lambda: sqlite.write(add_expert, "bob"),
    )
    assert all(isinstance(error, Exception) for error in results)
    assert await sqlite.read(expert_names) == []
    assert await sqlite.write(add_expert, "eve") == "eve"
    assert await sqlite.read(expert_names) == ["eve"]


async def test_locked_database_is_raised_at_every_caller(sqlite: Database) -> None:
    def shorten_timeout(session: Session) -> None:
        session.connection().exec_driver_sql("PRAGMA busy_timeout=30")

    await sqlite.write(shorten_timeout)
    other = sqlite3.connect(str(sqlite.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    results = await gather_results(sqlite.write(add_expert, "ada"), sqlite.write(add_expert, "bob"))
    assert [type(error) for error in results] == [OperationalError] * 2
    assert "locked" in str(results[0])
    other.execute("ROLLBACK")
    other.close()
    assert await sqlite.write(add_expert, "eve") == "eve"
    assert await sqlite.read(expert_names) == ["eve"]


async def test_reads_do_not_wait_for_writes(database: Database) -> None:
    await database.write(add_expert, "ada")
    reached, may_continue = threading.Event(), threading.Event()

    def add_slowly(session: Session) -> None:
        add_expert(session, "bob")
        reached.set()
        assert may_continue.wait(10)

    writing = asyncio.ensure_future(database.write(add_slowly))
    await asyncio.to_thread(reached.wait, 10)
    assert await database.read(expert_names) == ["ada"]
    may_continue.set()
    await writing
    assert await database.read(expert_names) == ["ada", "bob"]


async def test_changes_in_a_read_are_discarded(database: Database) -> None:
    await database.read(add_expert, "eve")
    assert await database.read(expert_names) == []
    assert await database.write(add_expert, "eve") == "eve"


async def test_read_sees_one_snapshot(sqlite: Database) -> None:
    """SQLite's readers see a snapshot: two queries in one read agree."""
    reached, may_continue = threading.Event(), threading.Event()

    def read_twice(session: Session) -> tuple[list[str], list[str]]:
        first = expert_names(session)
        reached.set()
        assert may_continue.wait(10)
        return first, expert_names(session)

    reading = asyncio.ensure_future(sqlite.read(read_twice))
    await asyncio.to_thread(reached.wait, 10)
    await sqlite.write(add_expert, "ada")
    may_continue.set()
    first, second = await reading
    assert first == second == []


async def test_rows_can_be_used_after_their_session(database: Database) -> None:
    def add(session: Session) -> Expert:
        added = new_expert("ada")
        session.add(added)
        session.flush()
        return added

    added = await database.write(add)
    found = await database.read(lambda session: session.get_one(Expert, added.id))
    assert (added.slack_id, found.slack_id, found.work_days) == ("ada", "ada", [1])
    assert found.created_at == NOW


async def test_concurrent_writes_each_get_their_own_result(database: Database) -> None:
    expected = [f"expert-{number}" for number in range(100)]
    assert (
        await gather_results(*(database.write(add_expert, name) for name in expected)) == expected
    )
    assert sorted(await database.read(expert_names)) == sorted(expected)


def test_threads_each_get_their_own_result(database: Database) -> None:
    expected = [f"expert-{number}" for number in range(60)]
    with ThreadPoolExecutor(6) as pool:
        assert (
            list(pool.map(lambda name: database.write_now(add_expert, name), expected)) == expected
        )
    assert sorted(database.read_now(expert_names)) == sorted(expected)


async def test_close_finishes_queued_writes(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    gate = await asyncio.to_thread(Gate, database)
    expected = [f"expert-{number}" for number in range(2 * MAX_WRITES_PER_COMMIT)]
    waiting = [asyncio.ensure_future(database.write(add_expert, name)) for name in expected]
    await asyncio.sleep(0)
    close = asyncio.ensure_future(asyncio.to_thread(database.close))
    await asyncio.to_thread(gate.open)
    assert await gather_results(*waiting) == expected
    await close
    reopened = Database(sqlite_url)
    assert reopened.read_now(expert_names) == expected
    reopened.close()


def test_write_to_closed_database_raises(database_url: str) -> None:
    database = Database(database_url)
    database.write_now(add_expert, "ada")
    database.close()
    with pytest.raises(RuntimeError):
        database.write_now(add_expert, "bob")


async def test_serialization_failure_is_retried(
    postgresql: Database,
) -> None:
    attempts = 0

    def fail_until_last_attempt(session: Session, times: int) -> int:
        nonlocal attempts
        attempts += 1
        add_expert(session, "ada")
        if attempts <= times:
            session.connection().execute(
                text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$")
            )
        return attempts

    assert await postgresql.write(fail_until_last_attempt, MAX_ATTEMPTS - 1) == MAX_ATTEMPTS
    assert await postgresql.read(expert_names) == ["ada"]


async def test_retries_are_limited(postgresql: Database) -> None:
    attempts = 0

    def always_fail(session: Session) -> None:
        nonlocal attempts
        attempts += 1
        session.connection().execute(
            text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$")
        )

    with pytest.raises(OperationalError):
        await postgresql.write(always_fail)
    assert attempts == MAX_ATTEMPTS


async def test_connection_recovers_after_server_restart(
    postgresql: Database,
) -> None:
    def backdate_checkin(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["idle since"] = -math.inf

    event.listen(postgresql.engine, "checkin", backdate_checkin)
    assert await postgresql.read(expert_names) == []
    address = postgresql.engine.url.set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(hide_password=False)) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert await postgresql.write(add_expert, "ada") == "ada"
    assert await postgresql.read(expert_names) == ["ada"]


async def test_integrity_error_is_not_retried(postgresql: Database) -> None:
    attempts = 0

    def add_twice(session: Session) -> None:
        nonlocal attempts
        attempts += 1
        add_expert(session, "ada")
        add_expert(session, "ada")

    with pytest.raises(IntegrityError):
        await postgresql.write(add_twice)
    assert attempts == 1


async def test_deadlocked_transactions_both_succeed(postgresql: Database) -> None:
    await postgresql.write(add_expert, "ada")
    await postgresql.write(add_expert, "bob")
    both_locked = threading.Barrier(2, timeout=10)
    this_thread = threading.local()

    def change(session: Session, order: tuple[str, str]) -> None:
        session.connection().execute(text("SET LOCAL deadlock_timeout = '20ms'"))
        for name in order:
            statement = update(Expert).where(col(Expert.slack_id) == name)
            session.connection().execute(
                statement.values(work_starts_minute=Expert.work_starts_minute + 1)
            )
            if not hasattr(this_thread, "has_waited"):
                this_thread.has_waited = True
                both_locked.wait()

    await asyncio.gather(
        postgresql.write(change, ("ada", "bob")), postgresql.write(change, ("bob", "ada"))
    )
    starts = await postgresql.read(
        lambda session: (
            session.connection().execute(select(col(Expert.work_starts_minute))).scalars().all()
        )
    )
    assert list(starts) == [9 * 60 + 2] * 2


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


def test_folder_of_new_database_is_created(tmp_path: Any) -> None:  # noqa: ANN401 - a path
    database = Database(f"sqlite:///{tmp_path}/deep/down/labels.db")
    assert database.read_now(
        lambda session: session.connection().execute(text("SELECT 1")).scalar()
    )
    database.close()


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=8), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=30)
@given(details=st.dictionaries(st.sampled_from(["a", "b"]), JSON_VALUES))
def test_json_round_trips(shared_databases: list[Database], details: dict[str, Any]) -> None:
    def store(session: Session) -> dict[str, Any]:
        event = AuditEvent(at=NOW, actor="a", action="d", subject="s", origin="t", details=details)
        session.add(event)
        session.flush()
        session.expire(event)
        return event.details

    for database in shared_databases:
        assert database.write_now(store) == details


MOMENTS = st.integers(0, 10**15).map(lambda us: NOW + timedelta(microseconds=us))
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@settings(max_examples=30)
@given(moment=MOMENTS, zone=ZONES)
def test_datetime_from_any_zone_is_returned_in_utc(
    shared_databases: list[Database], moment: datetime, zone: timezone
) -> None:
    def store(session: Session) -> datetime:
        event = AuditEvent(
            at=moment.astimezone(zone), actor="a", action="d", subject="s", origin="t", details={}
        )
        session.add(event)
        session.flush()
        session.expire(event)
        return event.at

    for database in shared_databases:
        stored = database.write_now(store)
        assert stored == moment
        assert stored.utcoffset() == timedelta()


@pytest.fixture(scope="module")
def shared_databases(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[list[Database]]:
    """Yield one database of each kind, shared by many examples."""
    template = request.getfixturevalue("migrated_file")
    path = tmp_path_factory.mktemp("shared") / "labels.db"
    path.write_bytes(template.read_bytes())
    address = request.getfixturevalue("postgresql_server").create_migrated_database()
    databases = [Database(f"sqlite:///{path}"), Database(address)]
    yield databases
    for database in databases:
        database.close()


def test_naive_datetime_is_refused(database: Database) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="has no time zone"):
        database.write_now(
            lambda session: session.connection().execute(update(Expert).values(created_at=naive))
        )


def test_missing_datetime_stays_none() -> None:
    column_type = UtcDateTime()
    dialect = engine_for("sqlite://").dialect
    assert column_type.process_bind_param(None, dialect) is None
    assert column_type.process_result_value(None, dialect) is None
