"""Insertion of many rows: in several statements if need be, without those that exist."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import Session, select

from storage.bulk_insert import MAX_ROWS, insert_rows
from storage.database import Database
from storage.tables import ReceivedRequest

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def add(session: Session, keys: list[str]) -> list[str]:
    connection, constants = session.connection(), {"received_at": NOW}
    rows = [(key,) for key in keys]
    found = insert_rows(
        connection, ReceivedRequest, ("key",), rows, constants, unique=("key",), returning=("key",)
    )
    return [key for (key,) in found]


def stored(session: Session) -> list[ReceivedRequest]:
    return list(session.exec(select(ReceivedRequest).order_by(ReceivedRequest.key)))


def test_only_new_rows_are_returned(database: Database) -> None:
    assert sorted(database.write_now(add, ["a", "it's \\ “b”\n"])) == ["a", "it's \\ “b”\n"]
    assert database.write_now(add, ["c", "a", "c"]) == ["c"]
    assert database.write_now(add, []) == []
    rows = database.read_now(stored)
    assert [row.key for row in rows] == ["a", "c", "it's \\ “b”\n"]
    assert {row.received_at for row in rows} == {NOW}


def test_many_rows_take_several_statements(database: Database) -> None:
    keys = [f"{number:06d}" for number in range(MAX_ROWS + 7)]
    assert sorted(database.write_now(add, keys)) == keys
