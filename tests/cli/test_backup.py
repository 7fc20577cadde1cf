"""Tests of `labelbot backup`, `restore` and `db copy`: nothing is lost, and exports stay equal."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from storage.database import Database
from storage.tables import Annotation
from tests.cli.conftest import CommandRunner
from tests.cli.test_people import exported
from tests.conftest import PostgreSqlServer
from tests.services.conftest import Scenario, pair
from tests.services.invariants import check_counts

ADA, BOB = "U0ADA", "U0BOB"

Answer = tuple[int, int]


@pytest.fixture
def campaign(labelbot: CommandRunner, database_url: str) -> Iterator[Scenario]:
    """Yield a campaign with 40 items that two experts label."""
    with closing(Database(database_url)) as database:
        scenario = Scenario(database, labelbot.folder)
        scenario.create_campaign(experts=[ADA, BOB], overlap=2)
        scenario.import_rows("tone", [pair(number) for number in range(40)])
        yield scenario


@pytest.fixture
def copy_url(database_url: str, tmp_path: Path, postgresql_server: PostgreSqlServer) -> str:
    """Return the URL of an empty database of the other kind."""
    if database_url.startswith("sqlite"):
        return postgresql_server.create_database()
    return f"sqlite:///{tmp_path / 'copy-of-postgresql.db'}"


def answer_until(scenario: Scenario, stop: Event, acknowledged: list[int]) -> None:
    """Answer tasks, and record each answer after it was stored."""
    while not stop.is_set() and (assignment_id := scenario.assign_next(ADA)):
        scenario.submit_answer(ADA, assignment_id, verdict="tie")
        acknowledged.append(assignment_id)


def stored_answers(scenario: Scenario) -> set[int]:
    return {row.assignment_id for row in scenario.rows(Annotation)}


def test_backup_has_every_answer_that_was_acknowledged_before(
    labelbot: CommandRunner, campaign: Scenario, copy_url: str
) -> None:
    stop, acknowledged = Event(), list[int]()
    with ThreadPoolExecutor(1) as executor:
        answering = executor.submit(answer_until, campaign, stop, acknowledged)
        while len(acknowledged) < 5 and not answering.done():
            stop.wait(0.005)
        before = set(acknowledged)
        result = labelbot("backup", "copy.db", "--json")
        stop.set()
        answering.result()
    assert (result.code, len(before) >= 5) == (0, True), result.err
    assert (labelbot.folder / "copy.db").stat().st_mode & 0o777 == 0o600
    labelbot.set_env(DATABASE_URL=copy_url)
    assert "Restored and compared" in labelbot("restore", "copy.db").out
    with closing(Database(copy_url)) as restored:
        scenario = Scenario(restored, labelbot.folder)
        assert before <= stored_answers(scenario) <= set(acknowledged)
        assert len(scenario.rows(Annotation)) == result.json["rows"]["annotation"]
        check_counts(scenario)
        assert labelbot("campaign", "create", "new", "--kind", "rating").code == 0  # ids go on


def test_copy_in_the_middle_of_a_campaign_exports_the_same_bytes(
    labelbot: CommandRunner, campaign: Scenario, database_url: str, copy_url: str
) -> None:
    for verdict in ("tie", "a", "tie"):
        campaign.submit_answer(BOB, campaign.assign_next(BOB) or 0, verdict=verdict)
    campaign.submit_answer(ADA, campaign.assign_next(ADA) or 0, verdict="tie")
    campaign.assign_next(ADA)
    before = exported(labelbot, "before")
    copied = labelbot("db", "copy", database_url, copy_url, "--json")
    assert copied.code == 0, copied.err
    labelbot.set_env(DATABASE_URL=copy_url)
    assert exported(labelbot, "after") == before
    with closing(Database(copy_url)) as database:
        scenario = Scenario(database, labelbot.folder, campaign.now)
        scenario.answer_all(ADA, verdict="tie")
        check_counts(scenario)
    again = labelbot("db", "copy", database_url, copy_url)
    assert (again.code, "The target has rows (" in again.err) == (1, True)


def test_damaged_and_foreign_files_are_refused(
    labelbot_sqlite: CommandRunner, scenario: Scenario, tmp_path: Path
) -> None:
    scenario.create_campaign()
    labelbot_sqlite("backup", "good.db")
    content = bytearray((tmp_path / "good.db").read_bytes())
    content[4096 * 3 : 4096 * 6] = bytes(4096 * 3)
    (tmp_path / "damaged.db").write_bytes(content)
    (tmp_path / "text.db").write_text("no database")
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as connection:
        connection.execute("CREATE TABLE notes (text)")
    labelbot_sqlite.set_env(DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}")
    for name in ("damaged.db", "text.db", "foreign.db"):
        result = labelbot_sqlite("restore", name)
        assert (result.code, "not a complete backup" in result.err) == (1, True), name
    assert not (tmp_path / "new.db").exists()


def test_missing_file_and_folder_are_named_as_such(
    labelbot_sqlite: CommandRunner, tmp_path: Path
) -> None:
    (tmp_path / "backups").mkdir()
    labelbot_sqlite.set_env(DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}")
    missing = labelbot_sqlite("restore", "missing.db")
    folder = labelbot_sqlite("restore", "backups")
    assert (missing.code, "“missing.db”: there is no such file" in missing.err) == (1, True)
    assert (folder.code, "“backups”: it is a folder" in folder.err) == (1, True)
    assert not (tmp_path / "new.db").exists()


def test_backup_of_a_missing_database_says_so(
    labelbot_sqlite: CommandRunner, tmp_path: Path
) -> None:
    labelbot_sqlite.set_env(DATABASE_URL=f"sqlite:///{tmp_path / 'missing.db'}")
    result = labelbot_sqlite("backup", "copy.db")
    assert (result.code, "Cannot open the database (" in result.err) == (1, True)
    assert not list(tmp_path.glob("*copy.db*"))


def test_server_that_cannot_be_reached_is_named_without_its_password(
    labelbot_sqlite: CommandRunner, scenario: Scenario, sqlite_url: str
) -> None:
    scenario.create_campaign()
    server = "postgresql://me:secret@127.0.0.1:1/labels"
    for addresses in ((sqlite_url, server), (server, sqlite_url)):
        result = labelbot_sqlite("db", "copy", *addresses)
        assert result.code == 1
        assert "Cannot open postgresql://me:***@127.0.0.1:1/labels (" in result.err
        assert "Check the address" in result.err
        assert "secret" not in result.err


def test_copy_from_a_missing_database_or_to_itself_is_refused(
    labelbot_sqlite: CommandRunner, sqlite_url: str, tmp_path: Path
) -> None:
    missing = tmp_path / "missing.db"
    result = labelbot_sqlite("db", "copy", f"sqlite:///{missing}", f"sqlite:///{tmp_path}/new.db")
    assert (result.code, f"There is no database file {missing}" in result.err) == (1, True)
    assert not missing.exists()
    assert "the same database" in labelbot_sqlite("db", "copy", sqlite_url, sqlite_url).err


def test_database_in_use_keeps_its_schema(
    labelbot_sqlite: CommandRunner, scenario: Scenario, sqlite_url: str, tmp_path: Path
) -> None:
    scenario.create_campaign()
    assert labelbot_sqlite("backup", "copy.db").code == 0
    older = tmp_path / "older.db"
    with closing(sqlite3.connect(older)) as connection:
        connection.execute("CREATE TABLE campaign (name)")
        connection.execute("INSERT INTO campaign VALUES ('tone')")
        connection.commit()
    for command in (("restore", "copy.db"), ("db", "copy", sqlite_url, f"sqlite:///{older}")):
        labelbot_sqlite.set_env(DATABASE_URL=f"sqlite:///{older}")
        assert "The target has rows (campaign)" in labelbot_sqlite(*command).err
    with closing(sqlite3.connect(older)) as connection:
        assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("campaign",)]


def test_backup_replaces_no_file(labelbot_sqlite: CommandRunner, scenario: Scenario) -> None:
    scenario.create_campaign()
    labelbot_sqlite.write_file("taken.db", "precious")
    assert "the file exists" in labelbot_sqlite("backup", "taken.db").err
    assert (labelbot_sqlite.folder / "taken.db").read_text() == "precious"
    assert "there is no folder" in labelbot_sqlite("backup", "missing/copy.db").err


def test_text_that_postgresql_cannot_store_is_named(
    labelbot_sqlite: CommandRunner, scenario: Scenario, sqlite_url: str, postgresql_url: str
) -> None:
    scenario.create_campaign(guidelines="Read\0 it.")
    result = labelbot_sqlite("db", "copy", sqlite_url, postgresql_url)
    assert "NUL of campaign 1" in result.err


def test_copy_needs_two_database_urls(labelbot_sqlite: CommandRunner) -> None:
    result = labelbot_sqlite("db", "copy", "labelbot.db", "mysql://host/name")
    assert (result.code, "is not a database URL" in result.err) == (2, True)
