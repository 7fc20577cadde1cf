"""Insertion of many rows: in several statements if need be, without those that exist."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import Session, col, select

from storage.bulk_insert import MAX_ROWS, NewRows, insert_missing_rows, insert_rows
from storage.database import Database
from storage.tables import ApiKey, ReceivedRequest

NOW = datetime(2026, 3, 1, tzinfo=UTC)

KEY_CONSTANTS = {
    "secret_sha256": "0",
    "scope": "read",
    "campaign_ids": [],
    "created_by": "ada",
    "created_at": NOW,
}


def add(session: Session, keys: list[str]) -> None:
    rows = [(key,) for key in keys]
    new = NewRows(ReceivedRequest, ("key",), rows, {"received_at": NOW})
    insert_rows(session.connection(), new)


def add_missing(session: Session, names: list[str]) -> dict[str, int]:
    rows = [(name, name) for name in names]
    new = NewRows(ApiKey, ("name", "public_id"), rows, KEY_CONSTANTS)
    return insert_missing_rows(session.connection(), new, ("name",))


def stored(session: Session) -> list[ReceivedRequest]:
    return list(session.exec(select(ReceivedRequest).order_by(ReceivedRequest.key)))


def stored_ids(session: Session) -> dict[str, int | None]:
    keys = session.exec(select(ApiKey).order_by(col(ApiKey.id))).all()
    return {key.name: key.id for key in keys}


def test_rows_are_stored_as_they_are(database: Database) -> None:
    database.write_now(add, ["a", "it's \\ “b”\n"])
    database.write_now(add, [])
    rows = database.read_now(stored)
    assert [row.key for row in rows] == ["a", "it's \\ “b”\n"]
    assert {row.received_at for row in rows} == {NOW}


def test_many_rows_take_several_statements(database: Database) -> None:
    keys = [f"{number:06d}" for number in range(MAX_ROWS + 7)]
    database.write_now(add, keys)
    assert [row.key for row in database.read_now(stored)] == keys


def test_the_ids_of_missing_rows_are_returned(database: Database) -> None:
    first = database.write_now(add_missing, ["a", "b"])
    second = database.write_now(add_missing, ["c", "a", "d"])
    assert database.write_now(add_missing, ["d"]) == {}
    assert first.keys() == {"a", "b"}
    assert second.keys() == {"c", "d"}
    assert database.read_now(stored_ids) == {**first, **second}


def test_the_ids_of_many_missing_rows_are_returned(database: Database) -> None:
    names = [f"{number:06d}" for number in range(MAX_ROWS + 7)]
    ids = database.write_now(add_missing, names)
    assert list(ids) == names
    assert database.read_now(stored_ids) == ids
