"""The schema: migrations produce the tables, on both databases, from any number of processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, Inspector, inspect, text
from sqlmodel import Session, SQLModel, select

from storage.engine import engine_for
from storage.migrations.alembic_runner import build_config
from storage.migrations.schema import default_differs
from storage.schema_upgrade import (
    VERSIONS_FOLDER,
    NewerSchemaError,
    UnsupportedSchemaError,
    UpgradeResult,
    current_revision,
    head_revision,
    is_current,
    upgrade,
)
from storage.tables import CoordinatorTimeZone, WorkspaceSetting

FIRST_REVISION_DATA = Path(__file__).parent / "revision_0003.sql"
"""Rows of every table as of revision 0003, to be upgraded."""


@pytest.fixture
def empty(empty_url: str) -> Iterator[Engine]:
    """Yield an engine for a database without tables."""
    engine = engine_for(empty_url)
    yield engine
    engine.dispose()


def test_alembic_finds_no_difference_from_tables(
    empty: Engine,
) -> None:
    upgrade(empty)
    with empty.connect() as connection:
        options = {"compare_type": True, "compare_server_default": default_differs}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_alembic_would_find_a_difference(empty: Engine) -> None:
    upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("ALTER TABLE campaign ADD COLUMN surplus INTEGER"))
    with empty.connect() as connection:
        context = MigrationContext.configure(connection)
        (difference,) = compare_metadata(context, SQLModel.metadata)
        assert difference[0] == "remove_column"


def test_migrations_and_tables_give_the_same_schema(empty: Engine) -> None:
    upgrade(empty)
    with empty.begin() as connection:
        migrated = _describe_schema(connection)
        SQLModel.metadata.drop_all(connection)
        assert _describe_schema(connection) == {}
        SQLModel.metadata.create_all(connection)
        assert _describe_schema(connection) == migrated
    assert len(migrated) == len(SQLModel.metadata.tables)


def _describe_schema(connection: Connection) -> dict[str, list[str]]:
    """Return all that the database knows of each table, including CHECK constraints."""
    inspector = inspect(connection)
    names = [name for name in inspector.get_table_names() if name != "alembic_version"]
    return {name: _describe_table(inspector, name) for name in names}


def _describe_table(inspector: Inspector, name: str) -> list[str]:
    parts = [
        *inspector.get_columns(name),
        *inspector.get_indexes(name),
        *inspector.get_unique_constraints(name),
        *inspector.get_foreign_keys(name),
        *inspector.get_check_constraints(name),
        inspector.get_pk_constraint(name),
    ]
    return sorted(_describe_part(part) for part in parts)


def _describe_part(part: Any) -> str:  # noqa: ANN401 - one of several inspector types
    """Return a description without object addresses, as in a partial index's condition."""
    options = {key: str(value) for key, value in part.get("dialect_options", {}).items()}
    return repr({**part, "dialect_options": options})


def test_upgrade_sets_current_revision(empty_url: str) -> None:
    assert current_revision(empty_url) is None
    assert not is_current(empty_url)
    assert upgrade(empty_url) == UpgradeResult(None, head_revision())
    assert current_revision(empty_url) == head_revision()
    assert is_current(empty_url)


def _restore_first_revision(engine: Engine) -> None:
    with engine.execution_options(writes=True).begin() as connection:
        command.upgrade(build_config(connection), "0003")
        for statement in FIRST_REVISION_DATA.read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)


def test_first_revision_has_data_in_every_table(empty: Engine) -> None:
    _restore_first_revision(empty)
    assert current_revision(empty) == "0003"
    with empty.connect() as connection:
        counts = {
            name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar()  # noqa: S608 - names of tables
            for name in inspect(connection).get_table_names()
        }
    assert [name for name, count in counts.items() if not count] == []


def test_upgrade_keeps_data_of_first_revision(empty: Engine) -> None:
    _restore_first_revision(empty)
    upgrade(empty)
    assert is_current(empty)
    with empty.connect() as connection:
        rows = {
            table.name: connection.execute(table.select()).all()
            for table in SQLModel.metadata.sorted_tables
        }
    assert len(rows["annotation"]) == 4
    assert [row.name for row in rows["campaign"]] == ["pairs"]
    assert [row.value for row in rows["decision"]] == [{"verdict": "tie"}]
    assert [row.left_out for row in rows["export_run"]] == [1]


def test_second_upgrade_changes_nothing(empty_url: str) -> None:
    assert upgrade(empty_url).has_changed
    assert not upgrade(empty_url).has_changed


def test_concurrent_upgrades_run_migrations_once(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: upgrade(empty_url), range(4)))
    assert sum(result.has_changed for result in results) == 1
    assert is_current(empty_url)


def test_failed_upgrade_leaves_nothing_behind(empty: Engine) -> None:
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE membership (in_the_way INTEGER)"))
    with pytest.raises(Exception, match="membership"):
        upgrade(empty)
    with empty.connect() as connection:
        assert inspect(connection).get_table_names() == ["membership"]


def test_newer_schema_is_refused(empty: Engine) -> None:
    upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchemaError, match="9999"):
        upgrade(empty)


def test_foreign_keys_are_checked_after_upgrade(empty: Engine) -> None:
    upgrade(empty)
    orphan = text(
        "INSERT INTO task (campaign_id, item_id, overlap, slots_taken) VALUES (1, 1, 1, 0)"
    )
    with empty.connect() as connection, pytest.raises(Exception, match=r"(?i)foreign key"):
        connection.execute(orphan)


def test_revisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in VERSIONS_FOLDER.glob("[0-9]*_*.py"))
    assert numbers == list(range(3, len(numbers) + 3))


def test_time_zones_of_coordinators_are_moved_to_their_own_table(empty: Engine) -> None:
    with empty.begin() as connection:
        command.upgrade(build_config(connection), "0003")
        connection.execute(
            text(
                "INSERT INTO workspace_setting (name, value, changed_by, changed_at) VALUES"
                """ ('time_zone:U0CORA', '{"value": "Asia/Tokyo"}', 'U0CORA', :at),"""
                """ ('digest', '{"value": false}', 'U0CORA', :at)"""
            ),
            {"at": "2026-03-02 09:00:00.000000+00:00"},
        )
    upgrade(empty)
    with Session(empty) as session:
        (zone,) = session.exec(select(CoordinatorTimeZone)).all()
        assert (zone.slack_id, zone.tz) == ("U0CORA", "Asia/Tokyo")
        assert zone.synced_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
        assert session.exec(select(WorkspaceSetting.name)).all() == ["digest"]
    with empty.begin() as connection:
        command.downgrade(build_config(connection), "0003")
        names = connection.execute(text("SELECT name FROM workspace_setting ORDER BY name"))
        assert [name for (name,) in names] == ["digest", "time_zone:U0CORA"]


@pytest.mark.slow
def test_current_schema_does_not_load_alembic(sqlite_url: str) -> None:
    script = (
        "import sys; from storage.schema_upgrade import upgrade;"
        f" assert not upgrade({sqlite_url!r}).has_changed;"
        " print(any(name.split('.')[0] == 'alembic' for name in sys.modules))"
    )
    arguments = [sys.executable, "-c", script]
    process = subprocess.run(arguments, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
    assert process.stdout.strip() == "False"


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_schema_of_unreleased_version_is_refused(empty: Engine, revision: str) -> None:
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:at)"), {"at": revision})
    with pytest.raises(UnsupportedSchemaError, match=revision):
        upgrade(empty)
    assert current_revision(empty) == revision
    with empty.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
