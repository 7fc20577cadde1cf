"""One bot per SQLite file: a lock beside the file, held until the process ends.

Other commands do not take it and work beside the running bot. On PostgreSQL several bots may run.
"""

from __future__ import annotations

import os
from pathlib import Path

from bot.errors import BotError
from bot.file_lock import open_locked
from storage.engine import sqlite_file


class SecondBotError(BotError):
    """Another bot (process {process}) uses {path}. Stop it first: one bot per SQLite file."""


class DataFolderError(BotError):
    """The bot cannot write to {folder} ({reason}). Correct its permissions or set DATABASE_URL."""


def lock_database(url: str) -> int | None:
    """Lock the database for this process; return a descriptor to close, None on PostgreSQL.

    Raises:
        SecondBotError: another bot holds the lock.
        DataFolderError: the lock cannot be created.
    """
    path = sqlite_file(url)
    if path is None:
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = open_locked(_lock_file(path))
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataFolderError(folder=path.parent, reason=reason) from error
    if descriptor is None:
        raise SecondBotError(path=path, process=_read_process(path) or "unknown")
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor


def running_bot(url: str) -> str | None:
    """Return the process id of the bot that uses a SQLite database, None if none runs.

    Raises:
        OSError: the lock cannot be read.
    """
    path = sqlite_file(url)
    if path is None or not _lock_file(path).exists():
        return None
    descriptor = open_locked(_lock_file(path))
    if descriptor is None:
        return _read_process(path) or "unknown"
    os.close(descriptor)
    return None


def _lock_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def _read_process(path: Path) -> str:
    return _lock_file(path).read_text(encoding="ascii", errors="replace")[:20]
