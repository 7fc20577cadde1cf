"""JSON and points in time are read as they were written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import StatementError
from sqlmodel import Session

from storage.database import Database
from storage.engine import engine_for
from storage.tables import AuditEvent, Expert
from storage.types import UtcDateTime
from tests.storage.database_writes import (
    NOW,
)

JSON_VALUES = st.recursive(
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
@given(details=st.dictionaries(st.sampled_from(["a", "b"]), JSON_VALUES))
def test_json_round_trips(shared_databases: list[Database], details: dict[str, Any]) -> None:
    def store(session: Session) -> dict[str, Any]:
        event = AuditEvent(at=NOW, actor="a", action="d", subject="s", origin="t", details=details)
        session.add(event)
        session.flush()
        session.expire(event)
        return event.details

    for database in shared_databases:
        assert database.write_now(store) == details


MOMENTS = st.integers(0, 10**15).map(lambda us: NOW + timedelta(microseconds=us))
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@settings(max_examples=30)
@given(moment=MOMENTS, zone=ZONES)
def test_datetime_from_any_zone_is_returned_in_utc(
    shared_databases: list[Database], moment: datetime, zone: timezone
) -> None:
    def store(session: Session) -> datetime:
        event = AuditEvent(
            at=moment.astimezone(zone), actor="a", action="d", subject="s", origin="t", details={}
        )
        session.add(event)
        session.flush()
        session.expire(event)
        return event.at

    for database in shared_databases:
        stored = database.write_now(store)
        assert stored == moment
        assert stored.utcoffset() == timedelta()


@pytest.fixture(scope="module")
def shared_databases(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[list[Database]]:
    """Yield one database of each kind, shared by many examples."""
    template = request.getfixturevalue("migrated_file")
    path = tmp_path_factory.mktemp("shared") / "labels.db"
    path.write_bytes(template.read_bytes())
    address = request.getfixturevalue("postgresql_server").create_migrated_database()
    databases = [Database(f"sqlite:///{path}"), Database(address)]
    yield databases
    for database in databases:
        database.close()


def test_naive_datetime_is_refused(database: Database) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="has no time zone"):
        database.write_now(
            lambda session: session.connection().execute(update(Expert).values(created_at=naive))
        )


def test_missing_datetime_stays_none() -> None:
    column_type = UtcDateTime()
    dialect = engine_for("sqlite://").dialect
    assert column_type.process_bind_param(None, dialect) is None
    assert column_type.process_result_value(None, dialect) is None
