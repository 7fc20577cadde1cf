"""One bot per SQLite file: a lock on the file and one next to it, held until the process ends.

The lock on the file holds under each of its names: hard links, symbolic links and mounts. The one
next to it stores the process id. Other commands do not take the locks and work alongside the
running bot. On PostgreSQL several bots may run.

Use this module only while the process has no connection to the database: when a descriptor of a
file is closed, the process loses all locks of SQLite on it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BotError
from bot.file_lock import open_locked
from storage.engine import sqlite_file


class SecondBotError(BotError):
    """Another bot (process {process}) uses {path}. Stop it first: one bot per SQLite file."""


class DataFolderError(BotError):
    """The bot cannot write to {folder} ({reason}). Correct its permissions or set DATABASE_URL."""


@dataclass(frozen=True, slots=True)
class DatabaseLock:
    """The locks of the bot that uses a SQLite file: descriptors of both files."""

    descriptor: int
    process_descriptor: int

    def close(self) -> None:
        """Release the locks."""
        os.close(self.process_descriptor)
        os.close(self.descriptor)


def lock_database(url: str) -> DatabaseLock | None:
    """Lock the database for this process; return None on PostgreSQL.

    Raises:
        SecondBotError: another bot holds the lock.
        DataFolderError: the lock cannot be created.
    """
    path = sqlite_file(url)
    if path is None:
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = _acquire(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataFolderError(folder=path.parent, reason=reason) from error
    if lock is None:
        raise SecondBotError(path=path, process=_process_of(path))
    os.ftruncate(lock.process_descriptor, 0)
    os.write(lock.process_descriptor, str(os.getpid()).encode())
    return lock


def running_bot(url: str) -> str | None:
    """Return the process id of the bot that uses a SQLite database, None if none runs.

    The id is “unknown” if the bot uses another name of the file.

    Raises:
        OSError: the lock cannot be read.
    """
    path = sqlite_file(url)
    if path is None or not path.exists():
        return None
    descriptor = open_locked(path, os.O_RDONLY)
    if descriptor is None:
        return _process_of(path)
    os.close(descriptor)
    return None


def _acquire(path: Path) -> DatabaseLock | None:
    """Acquire both locks; return None if another process has one of them."""
    descriptor = open_locked(path, os.O_RDONLY)
    if descriptor is None:
        return None
    try:
        process_descriptor = open_locked(_lock_file(path))
    except OSError:
        os.close(descriptor)
        raise
    if process_descriptor is None:
        os.close(descriptor)
        return None
    return DatabaseLock(descriptor, process_descriptor)


def _lock_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def _process_of(path: Path) -> str:
    """Return the id of the process that locks the file under this name, or “unknown”."""
    lock_file = _lock_file(path)
    if lock_file.exists():
        descriptor = open_locked(lock_file)
        if descriptor is None:
            return lock_file.read_text(encoding="ascii", errors="replace")[:20] or "unknown"
        os.close(descriptor)
    return "unknown"
