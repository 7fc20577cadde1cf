"""Upserts: the later row replaces the earlier one, and none fails."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from threading import Barrier

from sqlmodel import Session

from storage.database import Database
from storage.queries import upsert
from storage.tables import WorkspaceSetting

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAMES = [f"name-{number}" for number in range(10)]


def setting(name: str, number: int) -> WorkspaceSetting:
    """Return a setting with a number as its value."""
    at = NOW + timedelta(minutes=number)
    return WorkspaceSetting(name=name, value={"value": number}, changed_by="ada", changed_at=at)


def test_later_row_replaces_earlier_and_refreshes_loaded_object(database: Database) -> None:
    def upsert_twice(session: Session) -> WorkspaceSetting:
        upsert.upsert_row(session, setting("name", 1))
        loaded = session.get_one(WorkspaceSetting, "name")
        upsert.upsert_row(session, setting("name", 2))
        return WorkspaceSetting(**loaded.model_dump())

    loaded = database.write_now(upsert_twice)
    assert (loaded.value, loaded.changed_at) == ({"value": 2}, NOW + timedelta(minutes=2))
    stored = database.read_now(lambda session: session.get_one(WorkspaceSetting, "name").value)
    assert stored == {"value": 2}


def test_concurrent_upserts_of_same_row_both_succeed(postgresql_url: str) -> None:
    both_ready = Barrier(2, timeout=20)

    def upsert_at_once(session: Session, name: str, number: int) -> None:
        both_ready.wait()
        upsert.upsert_row(session, setting(name, number))

    def upsert_all(database: Database, number: int) -> None:
        for name in NAMES:
            database.write_now(upsert_at_once, name, number)

    with closing(Database(postgresql_url)) as database, ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(upsert_all, database, number) for number in (1, 2)]
        assert [future.result() for future in futures] == [None, None]
        values = database.read_now(
            lambda session: {n: session.get_one(WorkspaceSetting, n).value["value"] for n in NAMES}
        )
    assert set(values) == set(NAMES)
    assert set(values.values()) <= {1, 2}
