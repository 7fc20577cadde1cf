"""Bringing the schema up to date: safe when two processes start at once, quick when nothing is due.

Alembic costs memory that a running bot has no use for (11 MB), so it is loaded only for an upgrade.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.pool import PoolProxiedConnection

from storage.database import engine_for

VERSIONS = Path(__file__).parent / "migrations" / "versions"

LOCK = 0x1ABE1B07
"""PostgreSQL's advisory lock that only one upgrade holds at a time: any number that is ours."""


class NewerSchemaError(Exception):
    """The database was upgraded by a newer release than this one."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """From which revision to which; `before` is None for an empty database."""

    before: str | None
    after: str

    @property
    def changed(self) -> bool:
        """Say whether anything was done."""
        return self.before != self.after


def head_revision() -> str:
    """Return the newest revision that this release knows: the highest number in `versions/`."""
    return max(step.name.split("_")[0] for step in VERSIONS.glob("[0-9]*_*.py"))


def current_revision(target: str | Engine) -> str | None:
    """Return the revision of the database, None if it is empty."""
    with _engine(target) as engine, engine.connect() as connection:
        return _revision(connection)


def is_current(target: str | Engine) -> bool:
    """Say whether the database has the schema of this release."""
    return current_revision(target) == head_revision()


def upgrade(target: str | Engine) -> Upgraded:
    """Bring the schema up to date, in one transaction that only one process is in at a time.

    Raises:
        NewerSchemaError: the database knows more than this release does; nothing is changed.
    """
    with _engine(target) as engine:
        before = current_revision(engine)
        if before == head_revision():
            return Upgraded(before, before)
        with engine.execution_options(writes=True).connect() as connection:
            return _upgraded(connection)


@contextmanager
def _engine(target: str | Engine) -> Iterator[Engine]:
    if isinstance(target, Engine):
        yield target
        return
    engine = engine_for(target)
    try:
        yield engine
    finally:
        engine.dispose()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _upgraded(connection: Connection) -> Upgraded:
    if connection.dialect.name == "sqlite":
        with _unchecked_references(connection.connection), connection.begin():
            return _step_by_step(connection)
    with connection.begin():
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        return _step_by_step(connection)


def _step_by_step(connection: Connection) -> Upgraded:
    """Look again, now that nobody else is upgrading, and do what is left."""
    before, head = _revision(connection), head_revision()
    if before is not None and before > head:
        message = f"the database has revision {before}, this release knows {head}"
        raise NewerSchemaError(message)
    if before != head:
        import_module("storage.migrations.running").run(connection)
    return Upgraded(before, head)


@contextmanager
def _unchecked_references(raw: PoolProxiedConnection) -> Iterator[None]:
    """Let a table be made anew, as SQLite's own recipe for changing tables asks (ALTER TABLE, 7).

    The switch does nothing inside a transaction, so it is turned around it.
    """
    cursor = raw.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()
