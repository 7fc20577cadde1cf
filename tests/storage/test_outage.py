"""Tests of outages of the database: their cause, and one line in the log for each."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import Session

from storage import outage
from storage.database import Database, try_write
from storage.outage import Outage, is_database_error, outage_cause
from storage.queries.health import probe_write
from tests.storage.failing_database import FailingDatabase


def _error_of(url: str) -> BaseException:
    with pytest.raises(DBAPIError) as info:
        try_write(url, has_tables=True)
    return info.value


def test_read_only_file_is_the_cause(sqlite_url: str) -> None:
    url = f"sqlite:///file:{sqlite_url.removeprefix('sqlite:///')}?mode=ro&uri=true"
    assert outage_cause(_error_of(url)) == "the database file is read-only"


def test_missing_folder_that_cannot_be_created_is_the_cause(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    error = _error_of(f"sqlite:///{tmp_path / 'taken' / 'labelbot.db'}")
    assert outage_cause(error) == "the database file cannot be opened or created"


def test_other_file_is_the_cause(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("not a database, but a text that is long enough" * 100)
    assert outage_cause(_error_of(f"sqlite:///{tmp_path / 'notes.db'}")) == (
        "the file is not a database"
    )


def test_server_that_does_not_answer_is_the_cause() -> None:
    url = "postgresql://nobody@127.0.0.1:9/none?connect_timeout=2"
    assert outage_cause(_error_of(url)) == "the database server does not answer"


def _server_error(sqlstate: str) -> OperationalError:
    return OperationalError("", {}, psycopg.errors.lookup(sqlstate)("message"))


@pytest.mark.parametrize(
    ("sqlstate", "cause"),
    [
        ("25006", "the database is read-only"),
        ("53100", "the disk of the database server is full"),
        ("53300", "the database server has no memory or connections left"),
        ("57P01", "the database server is stopping or starting"),
        ("57P03", "the database server is stopping or starting"),
        ("28P01", "the database server rejects the user or password"),
        ("3D000", "the database does not exist"),
        ("08006", "the connection to the database server is lost"),
        ("58030", "the database server reports a system error"),
        ("40001", None),
        ("23505", None),
        ("42703", None),
    ],
)
def test_error_of_a_server_has_a_cause_unless_it_is_of_one_statement(
    sqlstate: str, cause: str | None
) -> None:
    assert outage_cause(_server_error(sqlstate)) == cause


def test_errors_of_statements_are_no_outage() -> None:
    unique = sqlite3.IntegrityError("UNIQUE constraint failed")
    assert outage_cause(IntegrityError("", {}, unique)) is None
    assert outage_cause(OperationalError("", {}, sqlite3.OperationalError("no such table"))) is None
    assert outage_cause(ValueError("anything else")) is None


def test_exhausted_pool_is_an_outage() -> None:
    assert outage_cause(PoolTimeoutError()) == "all connections to the database are in use"


@pytest.mark.parametrize(
    ("failure", "cause"),
    [("read-only", "the database file is read-only"), ("full", "the disk is full")],
)
async def test_outage_is_one_line_and_its_end_another(
    sqlite_url: str, caplog: pytest.LogCaptureFixture, failure: str, cause: str
) -> None:
    caplog.set_level(logging.WARNING)
    with closing(FailingDatabase(sqlite_url, failure)) as database:
        for _ in range(20):
            with pytest.raises(DBAPIError):
                await database.write(probe_write)
        assert database.outage.cause == cause
        (record,) = caplog.records
        assert record.getMessage().startswith(f"nothing can be stored: {cause} (")
        assert record.exc_info is None
        database.failure = None
        await database.write(probe_write)
        assert database.outage.cause is None
    (recovery,) = caplog.records[1:]
    assert recovery.getMessage().startswith(
        f"answers can be stored again; the cause was: {cause}, after "
    )


async def test_write_that_changes_nothing_does_not_end_an_outage(sqlite_url: str) -> None:
    with closing(FailingDatabase(sqlite_url, "full")) as database:
        with pytest.raises(DBAPIError):
            await database.write(probe_write)
        await database.write(lambda _session: None)
        assert database.outage.cause == "the disk is full"


async def test_end_of_an_outage_is_tested_at_most_once_a_second(
    sqlite_url: str,
) -> None:
    with closing(FailingDatabase(sqlite_url, "read-only")) as database:
        with pytest.raises(DBAPIError):
            await database.write(probe_write)
        assert outage.SECONDS_BETWEEN_TESTS == 1
        assert [database.outage.needs_test() for _ in range(3)] == [True, False, False]


async def test_working_database_has_no_outage(database: Database) -> None:
    await database.write(probe_write)
    await database.probe()
    assert database.outage.cause is None
    assert not database.outage.needs_test()


def test_other_errors_begin_no_outage(caplog: pytest.LogCaptureFixture) -> None:
    current = Outage()
    current.record(ValueError("a bug"))
    current.end()
    assert current.cause is None
    assert caplog.records == []


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
    assert outage_cause(caught.value) is None


def test_other_errors_are_not_of_the_database() -> None:
    assert not is_database_error(ValueError())
    assert outage_cause(ValueError()) is None
