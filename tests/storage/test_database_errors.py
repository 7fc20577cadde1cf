"""Errors of the database: an outage passes, an error of one statement comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage.database import Database, engine_for
from storage.database_errors import is_database_error, is_outage

STATEMENT_ERRORS = {
    "integrity": "INSERT INTO workspace_setting (name) VALUES ('x')",
    "no table": "SELECT * FROM missing",
    "syntax": "SELEC 1",
    "check": "UPDATE outbox SET state = 'unknown'",
}


def _run(session: Session, statement: str) -> None:
    session.execute(
        text(
            "INSERT INTO outbox (message_type, recipient, payload, state, attempts, due_at,"
            " created_at) VALUES ('text', 'U1', '{}', 'waiting', 0, '2026-03-02', '2026-03-02')"
        )
    )
    session.execute(text(statement))


@pytest.mark.parametrize("name", STATEMENT_ERRORS)
def test_error_of_a_statement_is_no_outage(name: str, database: Database) -> None:
    with pytest.raises(DBAPIError) as caught:
        database.write_now(_run, STATEMENT_ERRORS[name])
    assert is_database_error(caught.value)
    assert not is_outage(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////proc/no-such-folder/labelbot.db",
        "postgresql://nobody@127.0.0.1:9/nothing",
    ],
)
def test_database_that_cannot_be_reached_is_an_outage(url: str) -> None:
    with pytest.raises((DBAPIError, OSError)) as caught, engine_for(url).connect():
        pass
    assert is_outage(caught.value) or isinstance(caught.value, OSError)


def test_read_only_and_locked_files_are_an_outage(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/labelbot.db"
    engine = engine_for(url)
    with engine.execution_options(writes=True).connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x INTEGER)")
        connection.commit()
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")
        with engine.connect() as other:
            other.exec_driver_sql("PRAGMA busy_timeout = 1")
            with pytest.raises(DBAPIError) as caught:
                other.exec_driver_sql("INSERT INTO t VALUES (1)")
    assert is_outage(caught.value)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        with pytest.raises(DBAPIError) as caught:
            connection.exec_driver_sql("CREATE TABLE u (x INTEGER)")
    assert is_outage(caught.value)
    engine.dispose()


def test_other_errors_are_no_outage() -> None:
    assert not is_outage(ValueError())
    assert not is_database_error(ValueError())
