"""Tests of `labelbot db`, and of other commands with an outdated or newer schema."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from storage.engine import engine_for
from storage.schema_upgrade import current_revision, head_revision
from tests.cli.conftest import CommandRunner


@pytest.fixture
def labelbot_empty(labelbot_unconfigured: CommandRunner, empty_url: str) -> CommandRunner:
    """Return a runner with a database that has no tables."""
    labelbot_unconfigured.set_env(DATABASE_URL=empty_url)
    return labelbot_unconfigured


def _set_revision(url: str, revision: str) -> None:
    engine = engine_for(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    engine.dispose()


def test_empty_database_is_upgraded(labelbot_empty: CommandRunner, empty_url: str) -> None:
    head = head_revision()
    assert labelbot_empty("db", "revision", "--json").json == {"revision": None, "expected": head}
    result = labelbot_empty("db", "upgrade")
    assert result.out == f"Created the tables (revision {head}).\n"
    assert current_revision(empty_url) == head
    assert labelbot_empty("db", "upgrade").out == f"The database is up to date (revision {head}).\n"
    assert (
        labelbot_empty("db", "revision").out
        == f"Revision of the database: {head}; expected: {head}.\n"
    )


def test_upgrade_prints_json(labelbot_empty: CommandRunner) -> None:
    assert labelbot_empty("db", "upgrade", "--json").json == {
        "before": None,
        "after": head_revision(),
    }


def test_first_command_creates_tables(labelbot_empty: CommandRunner, empty_url: str) -> None:
    assert labelbot_empty("status").code == 0
    assert current_revision(empty_url) == head_revision()


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        (
            "0002",
            "This pre-release database cannot be upgraded. Set DATABASE_URL to a new database.",
        ),
        ("9999", "The database schema is newer than this labelbot. Upgrade labelbot."),
    ],
)
def test_command_rejects_schema_of_another_release(
    labelbot: CommandRunner, database_url: str, revision: str, message: str
) -> None:
    _set_revision(database_url, revision)
    result = labelbot("status")
    assert (result.code, result.out) == (1, "")
    assert result.err == f"{message}\n"
    assert current_revision(database_url) == revision


def test_upgrade_rejects_newer_schema(labelbot: CommandRunner, database_url: str) -> None:
    _set_revision(database_url, "9999")
    result = labelbot("db", "upgrade")
    assert result.code == 1
    assert "schema is newer" in result.err
