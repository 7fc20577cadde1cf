"""Functions that tests write with, and a way to run several writes in one batch."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.database import Database
from storage.tables import Expert, Membership

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


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


async def gather_results(*writes: Awaitable[Any]) -> list[Any]:
    """Return what each coroutine returned or raised."""
    return await asyncio.gather(*writes, return_exceptions=True)


async def run_in_one_batch(database: Database, *writes: Callable[[], Any]) -> list[Any]:
    """Start all writes while the writer is busy, then let it continue; return their results."""
    gate = await asyncio.to_thread(Gate, database)
    tasks = [asyncio.ensure_future(write()) for write in writes]
    await asyncio.sleep(0)
    await asyncio.to_thread(gate.open)
    return await gather_results(*tasks)
