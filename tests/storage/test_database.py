"""The database: acknowledged writes are stored, and a failed write does not affect others."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from storage.database import Database
from storage.tables import Expert
from tests.storage.database_writes import (
    NOW,
    BoomError,
    add_and_fail,
    add_expert,
    expert_names,
    gather_results,
    new_expert,
)


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


def test_write_to_closed_database_raises(database_url: str) -> None:
    database = Database(database_url)
    database.write_now(add_expert, "ada")
    database.close()
    with pytest.raises(RuntimeError):
        database.write_now(add_expert, "bob")
