"""Backups: a SQLite file with everything that a database had at one moment.

The backup of a PostgreSQL database is a SQLite file, too, so one format restores into both.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.database_copy import CopiedDatabase, copy_database
from storage.engine import sqlite_file
from storage.schema_upgrade import upgrade


class DamagedFileError(Exception):
    """A file is not a complete database of labelbot. The message says what SQLite found."""


def write_backup(url: str, path: Path) -> CopiedDatabase:
    """Write everything that was committed before the call to a new file, and check it.

    Others may write to the database meanwhile. The file has mode 600. It has its name only once it
    is complete, checked and on disk.

    Raises:
        FileExistsError: there is a file with this name.
        OSError: the file cannot be written.
        sqlite3.Error: the database cannot be read, or the disk is full.
        DamagedFileError: the database, and so the backup, has a fault.
    """
    if path.exists():
        raise FileExistsError(path)
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        partial = Path(folder) / path.name
        source = sqlite_file(url)
        if source is None:
            copy_database(url, f"sqlite:///{partial}")
        else:
            _copy_file(source, partial)
        copied = check_backup(partial)
        _flush(partial)
        os.link(partial, path)  # fails if a file has the name by now
    _flush(path.parent)
    return copied


def restore_backup(path: Path, url: str) -> CopiedDatabase:
    """Copy a backup into an empty database, and bring it to the schema of this release.

    Raises:
        DamagedFileError: the file has a fault; nothing was changed.
        NotEmptyError: the database has rows; nothing was changed.
        NewerSchemaError, UnsupportedSchemaError: another release wrote the file.
    """
    check_backup(path)
    with TemporaryDirectory(prefix="labelbot-restore-") as folder:
        current = Path(folder) / "current.db"
        _copy_file(path, current)
        upgrade(f"sqlite:///{current}")
        return copy_database(f"sqlite:///{current}", url)


def check_backup(path: Path) -> CopiedDatabase:
    """Read a whole file and return what it has.

    Raises:
        DamagedFileError: it is no database, or a page, an index or a reference is wrong.
    """
    with _damage_named(), _read_only(path) as connection:
        problems = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
        if problems != ["ok"]:
            raise DamagedFileError("; ".join(map(str, problems)))
        if broken := connection.execute("PRAGMA foreign_key_check").fetchone():
            message = f"a row of {broken[0]} refers to a missing row of {broken[2]}"
            raise DamagedFileError(message)
        names = [row[0] for row in connection.execute(LIST_TABLES)]
        rows = {name: connection.execute(COUNT_ROWS.format(name)).fetchone()[0] for name in names}
        revision = _revision_of(connection)
    return CopiedDatabase(revision, rows)


def _revision_of(connection: sqlite3.Connection) -> str:
    if not connection.execute(FIND_REVISION_TABLE).fetchone():
        message = "it has no tables of labelbot"
        raise DamagedFileError(message)
    return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


LIST_TABLES = """
SELECT name FROM sqlite_schema
WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version' ORDER BY name
"""

FIND_REVISION_TABLE = "SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'"

COUNT_ROWS = 'SELECT count(*) FROM "{}"'


@contextmanager
def _damage_named() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise DamagedFileError(str(error)) from error


def _read_only(path: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True))


def _copy_file(source: Path, target: Path) -> None:
    """Copy a database in one step, which is one snapshot, and make it a single file."""
    os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with _read_only(source) as opened, closing(sqlite3.connect(target)) as copy:
        opened.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
