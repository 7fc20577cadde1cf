"""Reads on PostgreSQL: nothing of them is stored, and their statements stay prepared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlmodel import Session

from storage.database import Database
from tests.storage.database_writes import add_expert

EXECUTIONS = 7
"""psycopg prepares a statement after five executions."""


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    """Yield an open PostgreSQL database."""
    with closing(Database(postgresql_url)) as database:
        yield database


def count_experts(session: Session) -> int:
    """Return how many experts are stored."""
    return int(session.connection().execute(text("SELECT count(*) FROM expert")).scalar_one())


def prepared(session: Session) -> list[str]:
    """Return the statements that are prepared on the connection."""
    query = text("SELECT statement FROM pg_prepared_statements")
    return list(session.connection().execute(query).scalars())


def test_statements_of_reads_stay_prepared(postgresql: Database) -> None:
    for _ in range(EXECUTIONS):
        postgresql.read_now(count_experts)
    assert "SELECT count(*) FROM expert" in postgresql.read_now(prepared)


def test_changes_of_a_read_are_discarded(postgresql: Database) -> None:
    assert postgresql.read_now(add_expert, "ada") == "ada"
    assert postgresql.read_now(count_experts) == 0
    postgresql.write_now(add_expert, "ada")
    assert postgresql.read_now(count_experts) == 1


def test_a_read_without_statements_ends(postgresql: Database) -> None:
    assert postgresql.read_now(lambda _session: "nothing") == "nothing"


def test_a_read_can_fail(postgresql: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        postgresql.read_now(lambda session: count_experts(session) // 0)
    assert postgresql.read_now(count_experts) == 0
