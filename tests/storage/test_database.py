"""The database door: what it says is stored is stored, and one who fails takes nobody along."""

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

from storage.database import MAX_ATTEMPTS, MAX_WRITES_PER_COMMIT, Database, engine_for
from storage.group_commit import CHECKPOINT_MIN_COMMITS
from storage.schema_upgrade import upgrade
from storage.tables import AuditEvent, Expert, Membership
from storage.types import UtcDateTime

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """Return the open door to a SQLite database."""
    opened = Database(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    """Return the open door to a PostgreSQL database."""
    opened = Database(postgresql_url)
    yield opened
    opened.close()


def expert(name: str) -> Expert:
    """Return somebody new."""
    return Expert(slack_id=name, pseudonym=name, work_days=[1], created_at=NOW)


def join(session: Session, name: str) -> str:
    """Add an expert, flushed at once, so that a double is refused here and not at the commit."""
    session.add(expert(name))
    session.flush()
    return name


def names(session: Session) -> list[str]:
    """Return who is there, in order of arrival."""
    return list(
        session.connection()
        .execute(select(col(Expert.slack_id)).order_by(col(Expert.id)))
        .scalars()
    )


class BoomError(Exception):
    """What a function that fails raises here."""


def boom(session: Session, name: str) -> None:
    """Add an expert and fail."""
    join(session, name)
    raise BoomError(name)


def orphan(session: Session) -> None:
    """Do what SQLite finds out only at the commit: join a campaign that does not exist."""
    session.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    session.add(Membership(campaign_id=404, expert_id=404, joined_at=NOW))
    session.flush()


class Gate:
    """Keeps the writer busy until it is opened, so that what follows becomes one group."""

    def __init__(self, database: Database) -> None:
        """Close the gate; returns once the writer stands before it."""
        self._open = threading.Event()
        reached = threading.Event()

        def wait(_session: Session) -> None:
            reached.set()
            assert self._open.wait(10)

        self._thread = threading.Thread(target=lambda: database.write_now(wait))
        self._thread.start()
        assert reached.wait(10)

    def open(self) -> None:
        """Let everything through."""
        self._open.set()
        self._thread.join()


async def all_of(*works: Any) -> list[Any]:  # noqa: ANN401 - coroutines of any sort
    """Return what each of them returned or raised."""
    return await asyncio.gather(*works, return_exceptions=True)


async def in_one_group(database: Database, *works: Callable[[], Any]) -> list[Any]:
    """Start all works while the writer is busy, then let it go; return how each ended."""
    gate = await asyncio.to_thread(Gate, database)
    begun = [asyncio.ensure_future(work()) for work in works]
    await asyncio.sleep(0)
    await asyncio.to_thread(gate.open)
    return await all_of(*begun)


async def test_a_write_returns_what_the_function_returned(database: Database) -> None:
    assert await database.write(join, "ada") == "ada"
    assert await database.read(names) == ["ada"]


async def test_arguments_are_handed_on(database: Database) -> None:
    def told(session: Session, one: int, *, two: int) -> tuple[int, int]:
        assert isinstance(session, Session)
        return one, two

    assert await database.write(told, 1, two=2) == (1, 2)
    assert await database.read(told, 1, two=2) == (1, 2)
    assert database.write_now(told, 1, two=2) == (1, 2)
    assert database.read_now(told, 1, two=2) == (1, 2)


async def test_a_writer_hears_back_only_after_the_commit(database: Database) -> None:
    """Another connection must see what has been acknowledged."""
    url = database.engine.url
    for number in range(20):
        await database.write(join, f"expert-{number}")
        if database.is_sqlite:
            with sqlite3.connect(str(url.database)) as other:
                (count,) = other.execute("SELECT count(*) FROM expert").fetchone()
            other.close()
        else:
            address = url.set(drivername="postgresql").render_as_string(hide_password=False)
            with psycopg.connect(address) as connection:
                found = connection.execute("SELECT count(*) FROM expert").fetchone()
                count = found[0] if found else 0
        assert count == number + 1


async def test_what_fails_is_raised_where_it_was_asked_for_and_nothing_of_it_stays(
    database: Database,
) -> None:
    with pytest.raises(BoomError, match="eve"):
        await database.write(boom, "eve")
    with pytest.raises(BoomError):
        database.write_now(boom, "eve")
    assert await database.read(names) == []


async def test_one_that_fails_in_a_group_takes_back_only_its_own(sqlite: Database) -> None:
    ended = await in_one_group(
        sqlite,
        lambda: sqlite.write(join, "ada"),
        lambda: sqlite.write(boom, "eve"),
        lambda: sqlite.write(join, "bob"),
    )
    assert ended[0] == "ada"
    assert isinstance(ended[1], BoomError)
    assert ended[2] == "bob"
    assert await sqlite.read(names) == ["ada", "bob"]


async def test_a_row_that_the_database_refuses_takes_back_only_its_own(sqlite: Database) -> None:
    """The ORM rolls back after a flush that failed: that must not reach the others' work."""
    ended = await in_one_group(
        sqlite,
        lambda: sqlite.write(join, "ada"),
        lambda: sqlite.write(join, "ada"),
        lambda: sqlite.write(join, "bob"),
    )
    assert ended[0] == "ada"
    assert isinstance(ended[1], IntegrityError)
    assert ended[2] == "bob"
    assert await sqlite.read(names) == ["ada", "bob"]


async def test_a_flush_that_is_left_to_the_end_is_the_functions_own_too(sqlite: Database) -> None:
    ended = await in_one_group(
        sqlite,
        lambda: sqlite.write(join, "ada"),
        lambda: sqlite.write(lambda session: session.add(expert("ada"))),
        lambda: sqlite.write(join, "bob"),
    )
    assert isinstance(ended[1], IntegrityError)
    assert await sqlite.read(names) == ["ada", "bob"]


async def test_a_function_may_go_on_after_a_row_was_refused(database: Database) -> None:
    def careful(session: Session) -> str:
        join(session, "ada")
        with pytest.raises(IntegrityError), session.begin_nested():
            join(session, "ada")
        return join(session, "bob")

    assert await database.write(careful) == "bob"
    assert await database.read(names) == ["ada", "bob"]


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_not_even_an_exit_stops_the_writer(database: Database, error: type[BaseException]) -> None:
    def leave(session: Session) -> None:
        join(session, "eve")
        raise error

    with pytest.raises(error):
        database.write_now(leave)
    assert database.write_now(join, "ada") == "ada"
    assert database.read_now(names) == ["ada"]


async def test_writes_of_one_caller_happen_in_the_order_they_were_asked_for(
    sqlite: Database,
) -> None:
    wanted = [f"expert-{number}" for number in range(3 * MAX_WRITES_PER_COMMIT)]
    works = [lambda name=name: sqlite.write(join, name) for name in wanted]
    assert await in_one_group(sqlite, *works) == wanted
    assert await sqlite.read(names) == wanted


async def test_a_group_is_one_transaction_but_never_too_large(sqlite: Database) -> None:
    commits = 0

    def count(*_: object) -> None:
        nonlocal commits
        commits += 1

    event.listen(sqlite.engine, "commit", count)
    works = [
        lambda number=number: sqlite.write(join, f"e{number}")
        for number in range(2 * MAX_WRITES_PER_COMMIT)
    ]
    await in_one_group(sqlite, *works)
    assert commits == 3  # the gate's own, and two groups


async def test_a_caller_who_left_before_it_began_is_passed_over(sqlite: Database) -> None:
    gate = await asyncio.to_thread(Gate, sqlite)
    leaving = asyncio.ensure_future(sqlite.write(join, "eve"))
    staying = asyncio.ensure_future(sqlite.write(join, "ada"))
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    await asyncio.to_thread(gate.open)
    assert await staying == "ada"
    assert await sqlite.read(names) == ["ada"]


async def test_a_caller_who_leaves_meanwhile_does_not_stop_the_others(database: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(session: Session) -> str:
        begun.set()
        assert go_on.wait(10)
        return join(session, "slow")

    leaving = asyncio.ensure_future(database.write(slowly))
    await asyncio.to_thread(begun.wait, 10)
    leaving.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert await database.write(join, "ada") == "ada"
    assert "ada" in await database.read(names)


async def test_a_commit_that_fails_reaches_everybody_in_the_group(sqlite: Database) -> None:
    ended = await in_one_group(
        sqlite,
        lambda: sqlite.write(join, "ada"),
        lambda: sqlite.write(orphan),
        lambda: sqlite.write(boom, "eve"),
        lambda: sqlite.write(join, "bob"),
    )
    kinds = [type(error) for error in ended]
    assert kinds == [IntegrityError, IntegrityError, BoomError, IntegrityError]
    assert await sqlite.read(names) == []


async def test_the_very_next_write_after_a_commit_that_failed_is_stored(sqlite: Database) -> None:
    with pytest.raises(IntegrityError):
        await sqlite.write(orphan)
    assert await sqlite.write(join, "ada") == "ada"
    assert await sqlite.read(names) == ["ada"]


def fill(session: Session) -> None:
    """Write until the disk is full. SQLite may take back the whole transaction for it, or not."""
    session.connection().exec_driver_sql("PRAGMA max_page_count=1")  # as large as it is now
    for number in range(200):
        join(session, f"{number}" * 400)


@pytest.mark.parametrize("before", [0, 1, 5])
async def test_on_a_full_disk_exactly_those_are_stored_who_were_told_so(
    sqlite: Database, before: int
) -> None:
    for number in range(before):
        await sqlite.write(join, f"earlier-{number}" * 300)
    earlier = await sqlite.read(names)
    ended = await in_one_group(
        sqlite,
        lambda: sqlite.write(join, "ada"),
        lambda: sqlite.write(fill),
        lambda: sqlite.write(join, "bob"),
    )
    assert isinstance(ended[1], OperationalError)
    told = [name for name in ended if isinstance(name, str)]
    assert await sqlite.read(names) == [*earlier, *told]


async def test_a_transaction_that_is_gone_is_told_to_everybody(sqlite: Database) -> None:
    def lose(session: Session) -> None:
        session.connection().exec_driver_sql("ROLLBACK")
        raise BoomError

    ended = await in_one_group(
        sqlite,
        lambda: sqlite.write(join, "ada"),
        lambda: sqlite.write(lose),
        lambda: sqlite.write(join, "bob"),
    )
    assert all(isinstance(error, Exception) for error in ended)
    assert await sqlite.read(names) == []
    assert await sqlite.write(join, "eve") == "eve"
    assert await sqlite.read(names) == ["eve"]


async def test_a_database_that_stays_locked_is_told_to_everybody(sqlite: Database) -> None:
    def hasten(session: Session) -> None:
        session.connection().exec_driver_sql("PRAGMA busy_timeout=30")

    await sqlite.write(hasten)
    other = sqlite3.connect(str(sqlite.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ended = await all_of(sqlite.write(join, "ada"), sqlite.write(join, "bob"))
    assert [type(error) for error in ended] == [OperationalError] * 2
    assert "locked" in str(ended[0])
    other.execute("ROLLBACK")
    other.close()
    assert await sqlite.write(join, "eve") == "eve"
    assert await sqlite.read(names) == ["eve"]


async def test_reading_goes_on_while_somebody_writes(database: Database) -> None:
    await database.write(join, "ada")
    reached, go_on = threading.Event(), threading.Event()

    def slowly(session: Session) -> None:
        join(session, "bob")
        reached.set()
        assert go_on.wait(10)

    writing = asyncio.ensure_future(database.write(slowly))
    await asyncio.to_thread(reached.wait, 10)
    assert await database.read(names) == ["ada"]
    go_on.set()
    await writing
    assert await database.read(names) == ["ada", "bob"]


async def test_what_a_reader_changes_is_not_kept(database: Database) -> None:
    await database.read(join, "eve")
    assert await database.read(names) == []
    assert await database.write(join, "eve") == "eve"


async def test_one_reading_sees_one_moment(sqlite: Database) -> None:
    """SQLite's readers see a snapshot: two looks in one reading agree."""
    reached, go_on = threading.Event(), threading.Event()

    def look_twice(session: Session) -> tuple[list[str], list[str]]:
        first = names(session)
        reached.set()
        assert go_on.wait(10)
        return first, names(session)

    looking = asyncio.ensure_future(sqlite.read(look_twice))
    await asyncio.to_thread(reached.wait, 10)
    await sqlite.write(join, "ada")
    go_on.set()
    first, second = await looking
    assert first == second == []


async def test_rows_can_be_used_after_the_door_closed_behind_them(database: Database) -> None:
    def add(session: Session) -> Expert:
        added = expert("ada")
        session.add(added)
        session.flush()
        return added

    added = await database.write(add)
    found = await database.read(lambda session: session.get_one(Expert, added.id))
    assert (added.slack_id, found.slack_id, found.work_days) == ("ada", "ada", [1])
    assert found.created_at == NOW


async def test_many_at_once_all_get_their_own_answer(database: Database) -> None:
    wanted = [f"expert-{number}" for number in range(100)]
    assert await all_of(*(database.write(join, name) for name in wanted)) == wanted
    assert sorted(await database.read(names)) == sorted(wanted)


def test_plain_code_in_many_threads_gets_its_own_answers(database: Database) -> None:
    wanted = [f"expert-{number}" for number in range(60)]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda name: database.write_now(join, name), wanted)) == wanted
    assert sorted(database.read_now(names)) == sorted(wanted)


async def test_closing_finishes_what_waits(sqlite_url: str) -> None:
    opened = Database(sqlite_url)
    gate = await asyncio.to_thread(Gate, opened)
    wanted = [f"expert-{number}" for number in range(2 * MAX_WRITES_PER_COMMIT)]
    waiting = [asyncio.ensure_future(opened.write(join, name)) for name in wanted]
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(asyncio.to_thread(opened.close))
    await asyncio.to_thread(gate.open)
    assert await all_of(*waiting) == wanted
    await closing
    again = Database(sqlite_url)
    assert again.read_now(names) == wanted
    again.close()


def test_a_closed_door_says_so_instead_of_letting_anybody_wait(database_url: str) -> None:
    opened = Database(database_url)
    opened.write_now(join, "ada")
    opened.close()
    with pytest.raises(RuntimeError):
        opened.write_now(join, "bob")


async def test_a_transaction_that_postgresql_could_not_order_is_run_again(
    postgresql: Database,
) -> None:
    tries = 0

    def unlucky(session: Session, times: int) -> int:
        nonlocal tries
        tries += 1
        join(session, "ada")
        if tries <= times:
            session.connection().execute(
                text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$")
            )
        return tries

    assert await postgresql.write(unlucky, MAX_ATTEMPTS - 1) == MAX_ATTEMPTS
    assert await postgresql.read(names) == ["ada"]


async def test_a_transaction_that_never_works_is_given_up(postgresql: Database) -> None:
    tries = 0

    def unlucky(session: Session) -> None:
        nonlocal tries
        tries += 1
        session.connection().execute(
            text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$")
        )

    with pytest.raises(OperationalError):
        await postgresql.write(unlucky)
    assert tries == MAX_ATTEMPTS


async def test_a_server_that_restarted_while_nothing_was_asked_costs_nothing(
    postgresql: Database,
) -> None:
    def long_ago(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["rests since"] = -math.inf

    event.listen(postgresql.engine, "checkin", long_ago)
    assert await postgresql.read(names) == []
    address = postgresql.engine.url.set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(hide_password=False)) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert await postgresql.write(join, "ada") == "ada"
    assert await postgresql.read(names) == ["ada"]


async def test_a_row_that_is_refused_is_not_tried_again(postgresql: Database) -> None:
    tries = 0

    def twice(session: Session) -> None:
        nonlocal tries
        tries += 1
        join(session, "ada")
        join(session, "ada")

    with pytest.raises(IntegrityError):
        await postgresql.write(twice)
    assert tries == 1


async def test_two_that_wait_for_each_other_both_get_through(postgresql: Database) -> None:
    await postgresql.write(join, "ada")
    await postgresql.write(join, "bob")
    both = threading.Barrier(2, timeout=10)
    met = threading.local()

    def rename(session: Session, order: tuple[str, str]) -> None:
        session.connection().execute(text("SET LOCAL deadlock_timeout = '20ms'"))
        for name in order:
            changing = update(Expert).where(col(Expert.slack_id) == name)
            session.connection().execute(
                changing.values(work_starts_minute=Expert.work_starts_minute + 1)
            )
            if not hasattr(met, "once"):
                met.once = True
                both.wait()

    await asyncio.gather(
        postgresql.write(rename, ("ada", "bob")), postgresql.write(rename, ("bob", "ada"))
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
@pytest.mark.parametrize("way", ["read", "write"])
async def test_every_connection_keeps_the_promises(
    sqlite: Database, way: str, pragma: str, value: object
) -> None:
    def ask(session: Session) -> object:
        return session.connection().exec_driver_sql(f"PRAGMA {pragma}").scalar()

    assert await (sqlite.read(ask) if way == "read" else sqlite.write(ask)) == value


async def test_a_connection_made_anew_keeps_them_too(sqlite: Database) -> None:
    def ask(session: Session) -> list[object]:
        connection = session.connection()
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name, _ in PRAGMAS]

    with pytest.raises(IntegrityError):
        await sqlite.write(orphan)
    assert await sqlite.write(ask) == [value for _, value in PRAGMAS]


def test_once_it_is_quiet_the_log_is_tidied_up(sqlite: Database) -> None:
    tidied = threading.Event()

    def hear(statement: str) -> None:
        if "wal_checkpoint" in statement:
            tidied.set()

    def listen(session: Session) -> None:
        driver: Any = session.connection().connection.driver_connection
        driver.set_trace_callback(hear)

    sqlite.write_now(listen)
    for number in range(CHECKPOINT_MIN_COMMITS):
        sqlite.write_now(join, f"expert {number}")
    assert tidied.wait(10)
    sqlite.write_now(names)  # it has begun; whoever comes next comes after it
    alone = f"file:{sqlite.engine.url.database}?immutable=1"
    with closing(sqlite3.connect(alone, uri=True)) as file:
        assert file.execute("SELECT count(*) FROM expert").fetchone() == (CHECKPOINT_MIN_COMMITS,)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_postgresql_is_reached_by_psycopg_whatever_it_is_called(scheme: str) -> None:
    engine = engine_for(f"{scheme}://me@nowhere/labels")
    assert engine.driver == "psycopg"
    engine.dispose()


def test_the_folder_of_a_new_file_is_made(tmp_path: Any) -> None:  # noqa: ANN401 - a path
    opened = Database(f"sqlite:///{tmp_path}/deep/down/labels.db")
    assert opened.read_now(lambda session: session.connection().execute(text("SELECT 1")).scalar())
    opened.close()


JSONS = st.recursive(
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
@given(facts=st.dictionaries(st.sampled_from(["a", "b"]), JSONS))
def test_facts_come_back_as_they_were_stored(
    shared_databases: list[Database], facts: dict[str, Any]
) -> None:
    def kept(session: Session) -> dict[str, Any]:
        event = AuditEvent(at=NOW, actor="a", action="d", subject="s", origin="t", details=facts)
        session.add(event)
        session.flush()
        session.expire(event)
        return event.details

    for opened in shared_databases:
        assert opened.write_now(kept) == facts


MOMENTS = st.integers(0, 10**15).map(lambda us: NOW + timedelta(microseconds=us))
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@settings(max_examples=30)
@given(moment=MOMENTS, zone=ZONES)
def test_a_moment_comes_back_in_utc_wherever_it_was_written(
    shared_databases: list[Database], moment: datetime, zone: timezone
) -> None:
    def kept(session: Session) -> datetime:
        event = AuditEvent(
            at=moment.astimezone(zone), actor="a", action="d", subject="s", origin="t", details={}
        )
        session.add(event)
        session.flush()
        session.expire(event)
        return event.at

    for opened in shared_databases:
        back = opened.write_now(kept)
        assert back == moment
        assert back.utcoffset() == timedelta()


@pytest.fixture(scope="module")
def shared_databases(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[list[Database]]:
    """Return a door to each kind of database, for many examples."""
    template = request.getfixturevalue("migrated_file")
    path = tmp_path_factory.mktemp("shared") / "labels.db"
    path.write_bytes(template.read_bytes())
    address = request.getfixturevalue("postgresql_server").new()
    upgrade(address)
    opened = [Database(f"sqlite:///{path}"), Database(address)]
    yield opened
    for one in opened:
        one.close()


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="has no time zone"):
        database.write_now(
            lambda session: session.connection().execute(update(Expert).values(created_at=naive))
        )


def test_a_moment_that_is_missing_stays_missing() -> None:
    kept = UtcDateTime()
    dialect = engine_for("sqlite://").dialect
    assert kept.process_bind_param(None, dialect) is None
    assert kept.process_result_value(None, dialect) is None
