"""Writes that SQLite stores in one transaction: each fails alone, or all with the commit."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from storage.database import MAX_WRITES_PER_COMMIT, Database
from tests.storage.database_writes import (
    BoomError,
    Gate,
    add_and_fail,
    add_expert,
    add_orphan,
    expert_names,
    gather_results,
    new_expert,
    run_in_one_batch,
)


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
