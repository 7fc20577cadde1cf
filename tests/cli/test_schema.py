"""`labelbot db`, and what other commands make of a database that is not as they want it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from storage.database import engine_for
from storage.schema_upgrade import current_revision, head_revision
from tests.cli.conftest import CommandRunner


@pytest.fixture
def empty(labelbot_unconfigured: CommandRunner, empty_url: str) -> CommandRunner:
    """Return a shell with a database without any table."""
    labelbot_unconfigured.set_env(DATABASE_URL=empty_url)
    return labelbot_unconfigured


def _set_revision(url: str, revision: str) -> None:
    engine = engine_for(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    engine.dispose()


def test_the_database_is_upgraded(empty: CommandRunner, empty_url: str) -> None:
    head = head_revision()
    assert empty("db", "revision", "--json").json == {"revision": None, "expected": head}
    ran = empty("db", "upgrade")
    assert ran.out == f"The database went from revision nothing to {head}.\n"
    assert current_revision(empty_url) == head
    assert empty("db", "upgrade").out == f"The database is up to date (revision {head}).\n"
    assert (
        empty("db", "revision").out == f"The database has revision {head}; labelbot wants {head}.\n"
    )


def test_an_upgrade_says_so_in_json(empty: CommandRunner) -> None:
    assert empty("db", "upgrade", "--json").json == {"before": None, "after": head_revision()}


def test_the_first_command_makes_the_tables(empty: CommandRunner, empty_url: str) -> None:
    assert empty("status").code == 0
    assert current_revision(empty_url) == head_revision()


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        (
            "0002",
            (
                "An unreleased labelbot made this database, which cannot be upgraded; "
                "set DATABASE_URL to a new database."
            ),
        ),
        ("9999", "The database was made by a later labelbot than this one; upgrade labelbot."),
    ],
)
def test_a_database_of_another_release_is_left_alone(
    labelbot: CommandRunner, database_url: str, revision: str, said: str
) -> None:
    _set_revision(database_url, revision)
    ran = labelbot("status")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"{said}\n"
    assert current_revision(database_url) == revision


def test_a_later_database_is_not_upgraded_either(
    labelbot: CommandRunner, database_url: str
) -> None:
    _set_revision(database_url, "9999")
    ran = labelbot("db", "upgrade")
    assert ran.code == 1
    assert "a later labelbot" in ran.err
