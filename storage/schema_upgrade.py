"""Upgrades of the database schema: safe if two processes start at once, quick if nothing is due.

Alembic takes 11 MB of memory that a running bot does not need, so it is loaded only to upgrade.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.pool import PoolProxiedConnection

from storage.engine import engine_for

VERSIONS_FOLDER = Path(__file__).parent / "migrations" / "versions"

UPGRADE_LOCK_KEY = 0x1ABE1B07
"""PostgreSQL advisory lock that serializes upgrades. The number is arbitrary."""


class NewerSchemaError(Exception):
    """The database was upgraded by a newer release than this one."""


class UnsupportedSchemaError(Exception):
    """An unreleased version created the database; no migration starts at its revision."""


@dataclass(frozen=True, slots=True)
class UpgradeResult:
    """The revisions before and after an upgrade; `before` is None for an empty database."""

    before: str | None
    after: str

    @property
    def has_changed(self) -> bool:
        """Return whether the upgrade changed anything."""
        return self.before != self.after


def head_revision() -> str:
    """Return the newest revision of this release: the highest number in `versions/`."""
    return max(path.name.split("_")[0] for path in VERSIONS_FOLDER.glob("[0-9]*_*.py"))


def first_revision() -> str:
    """Return the oldest revision that can be upgraded: the lowest number in `versions/`."""
    return min(path.name.split("_")[0] for path in VERSIONS_FOLDER.glob("[0-9]*_*.py"))


def current_revision(target: str | Engine) -> str | None:
    """Return the revision of the database, or None if it is empty."""
    with _open_engine(target) as engine, engine.connect() as connection:
        return _read_revision(connection)


def is_current(target: str | Engine) -> bool:
    """Return whether the database has the schema of this release."""
    return current_revision(target) == head_revision()


def upgrade(target: str | Engine) -> UpgradeResult:
    """Upgrade the schema in one transaction that only one process can be in at a time.

    Raises:
        NewerSchemaError: the database has a later revision than this release; nothing is changed.
        UnsupportedSchemaError: its revision is older than the first migration; nothing is changed.
    """
    with _open_engine(target) as engine:
        before = current_revision(engine)
        if before == head_revision():
            return UpgradeResult(before, before)
        with engine.execution_options(writes=True).connect() as connection:
            return _upgrade_locked(connection)


@contextmanager
def _open_engine(target: str | Engine) -> Iterator[Engine]:
    if isinstance(target, Engine):
        yield target
        return
    engine = engine_for(target)
    try:
        yield engine
    finally:
        engine.dispose()


def _read_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if revision is None else str(revision)


def _upgrade_locked(connection: Connection) -> UpgradeResult:
    if connection.dialect.name == "sqlite":
        with _disable_foreign_keys(connection.connection), connection.begin():
            return _run_migrations(connection)
    with connection.begin():
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK_KEY})
        return _run_migrations(connection)


def _run_migrations(connection: Connection) -> UpgradeResult:
    """Check the revision again, now that no other process is upgrading, and run what is left."""
    before, head = _read_revision(connection), head_revision()
    if before is not None and before > head:
        message = f"the database has revision {before}, but this release only knows {head}"
        raise NewerSchemaError(message)
    if before is not None and before < first_revision():
        message = f"revision {before} is older than the first migration, {first_revision()}"
        raise UnsupportedSchemaError(message)
    if before != head:
        import_module("storage.migrations.alembic_runner").run(connection)
    return UpgradeResult(before, head)


@contextmanager
def _disable_foreign_keys(raw: PoolProxiedConnection) -> Iterator[None]:
    """Allow tables to be recreated, as SQLite's recipe for changing tables needs (ALTER TABLE, 7).

    The pragma has no effect inside a transaction, so it is set around it.
    """
    cursor = raw.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()
