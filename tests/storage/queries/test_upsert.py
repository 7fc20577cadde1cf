"""Rows that take the place of others: the later one stays, and nobody is refused."""

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
    """Return a setting of a certain value."""
    at = NOW + timedelta(minutes=number)
    return WorkspaceSetting(name=name, value={"is": number}, changed_by="ada", changed_at=at)


def test_the_later_row_stays_and_who_holds_the_earlier_sees_it(database: Database) -> None:
    def twice(session: Session) -> WorkspaceSetting:
        upsert.upsert_row(session, setting("name", 1))
        held = session.get_one(WorkspaceSetting, "name")
        upsert.upsert_row(session, setting("name", 2))
        return WorkspaceSetting(**held.model_dump())

    found = database.write_now(twice)
    assert (found.value, found.changed_at) == ({"is": 2}, NOW + timedelta(minutes=2))
    again = database.read_now(lambda session: session.get_one(WorkspaceSetting, "name").value)
    assert again == {"is": 2}


def test_two_who_put_the_same_row_at_once_are_both_heard(postgresql_url: str) -> None:
    at_once = Barrier(2, timeout=20)

    def put(session: Session, name: str, number: int) -> None:
        at_once.wait()
        upsert.upsert_row(session, setting(name, number))

    def put_all(database: Database, number: int) -> None:
        for name in NAMES:
            database.write_now(put, name, number)

    with closing(Database(postgresql_url)) as database, ThreadPoolExecutor(2) as pool:
        done = [pool.submit(put_all, database, number) for number in (1, 2)]
        assert [one.result() for one in done] == [None, None]
        kept = database.read_now(
            lambda session: {n: session.get_one(WorkspaceSetting, n).value["is"] for n in NAMES}
        )
    assert set(kept) == set(NAMES)
    assert set(kept.values()) <= {1, 2}
