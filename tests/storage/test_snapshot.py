"""A snapshot does not change while others write."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func
from sqlmodel import Session, select

from storage.database import Database
from storage.snapshot import read_one_snapshot
from storage.tables import ReceivedRequest


def test_every_statement_reads_the_same_state(database: Database) -> None:
    def add(session: Session, key: str) -> None:
        session.add(ReceivedRequest(key=key, received_at=datetime(2026, 3, 1, tzinfo=UTC)))

    def count(session: Session) -> int:
        return session.exec(select(func.count()).select_from(ReceivedRequest)).one()

    def count_around_a_write(session: Session) -> tuple[int, int]:
        read_one_snapshot(session)
        before = count(session)
        database.write_now(add, "second")
        return before, count(session)

    database.write_now(add, "first")
    assert database.read_now(count_around_a_write) == (1, 1)
    assert database.read_now(count) == 2
