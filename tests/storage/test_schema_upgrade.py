"""The schema: migrations arrive at the tables, on both databases, from any number of processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, Inspector, inspect, text
from sqlmodel import SQLModel

from storage.database import engine_for
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


@pytest.fixture
def empty(empty_url: str) -> Iterator[Engine]:
    """Return an engine for a database without any table."""
    engine = engine_for(empty_url)
    yield engine
    engine.dispose()


def test_alembic_finds_no_difference_between_the_migrated_schema_and_the_tables(
    empty: Engine,
) -> None:
    upgrade(empty)
    with empty.connect() as connection:
        options = {"compare_type": True, "compare_server_default": default_differs}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_difference_would_be_found(empty: Engine) -> None:
    upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("ALTER TABLE campaign ADD COLUMN surplus INTEGER"))
    with empty.connect() as connection:
        context = MigrationContext.configure(connection)
        (found,) = compare_metadata(context, SQLModel.metadata)
        assert found[0] == "remove_column"


def test_migrating_and_creating_the_tables_give_the_same_schema(empty: Engine) -> None:
    upgrade(empty)
    with empty.begin() as connection:
        migrated = _described(connection)
        SQLModel.metadata.drop_all(connection)
        assert _described(connection) == {}
        SQLModel.metadata.create_all(connection)
        assert _described(connection) == migrated
    assert len(migrated) == len(SQLModel.metadata.tables)


def _described(connection: Connection) -> dict[str, list[str]]:
    """Say all that the database knows of each table, CHECK constraints and partial indexes too."""
    seen = inspect(connection)
    names = [name for name in seen.get_table_names() if name != "alembic_version"]
    return {name: _table(seen, name) for name in names}


def _table(seen: Inspector, name: str) -> list[str]:
    parts = [
        *seen.get_columns(name),
        *seen.get_indexes(name),
        *seen.get_unique_constraints(name),
        *seen.get_foreign_keys(name),
        *seen.get_check_constraints(name),
        seen.get_pk_constraint(name),
    ]
    return sorted(_said(part) for part in parts)


def _said(part: Any) -> str:  # noqa: ANN401 - whatever shape the inspector gives it
    """Write it down without the addresses of objects, such as the condition of a partial index."""
    options = {key: str(value) for key, value in part.get("dialect_options", {}).items()}
    return repr({**part, "dialect_options": options})


def test_a_database_knows_its_revision(empty_url: str) -> None:
    assert current_revision(empty_url) is None
    assert not is_current(empty_url)
    assert upgrade(empty_url) == UpgradeResult(None, head_revision())
    assert current_revision(empty_url) == head_revision()
    assert is_current(empty_url)


def test_a_second_upgrade_changes_nothing(empty_url: str) -> None:
    assert upgrade(empty_url).has_changed
    assert not upgrade(empty_url).has_changed


def test_many_upgrades_at_once_do_the_work_once(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: upgrade(empty_url), range(4)))
    assert sum(one.has_changed for one in done) == 1
    assert is_current(empty_url)


def test_an_upgrade_that_fails_leaves_nothing_behind(empty: Engine) -> None:
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE membership (in_the_way INTEGER)"))
    with pytest.raises(Exception, match="membership"):
        upgrade(empty)
    with empty.connect() as connection:
        assert inspect(connection).get_table_names() == ["membership"]


def test_a_newer_schema_is_left_alone(empty: Engine) -> None:
    upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchemaError, match="9999"):
        upgrade(empty)


def test_references_are_checked_again_after_an_upgrade(empty: Engine) -> None:
    upgrade(empty)
    orphan = text(
        "INSERT INTO task (campaign_id, item_id, overlap, slots_taken) VALUES (1, 1, 1, 0)"
    )
    with empty.connect() as connection, pytest.raises(Exception, match=r"(?i)foreign key"):
        connection.execute(orphan)


def test_the_revisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(step.name[:4]) for step in VERSIONS_FOLDER.glob("[0-9]*_*.py"))
    assert numbers == list(range(3, len(numbers) + 3))


def test_a_start_with_a_current_schema_loads_no_alembic(sqlite_url: str) -> None:
    script = (
        "import sys; from storage.schema_upgrade import upgrade;"
        f" assert not upgrade({sqlite_url!r}).has_changed;"
        " print(any(name.split('.')[0] == 'alembic' for name in sys.modules))"
    )
    command = [sys.executable, "-c", script]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    assert ran.stdout.strip() == "False"


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_database_of_an_unreleased_version_is_refused(empty: Engine, revision: str) -> None:
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:at)"), {"at": revision})
    with pytest.raises(UnsupportedSchemaError, match=revision):
        upgrade(empty)
    assert current_revision(empty) == revision
    with empty.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
