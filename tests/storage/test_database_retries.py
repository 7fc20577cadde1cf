"""Writes on PostgreSQL that are repeated: after deadlocks, conflicts and server restarts."""

from __future__ import annotations

import asyncio
import math
import threading

import psycopg
import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, col

from storage.database import MAX_ATTEMPTS, Database
from storage.tables import Expert
from tests.storage.database_writes import (
    add_expert,
    expert_names,
)


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
