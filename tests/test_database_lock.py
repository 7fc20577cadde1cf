"""Tests of the lock that keeps a second bot away from a SQLite file."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from bot.database_lock import DataFolderError, SecondBotError, lock_database, running_bot
from storage.database import Database
from storage.queries.health import probe_write


def test_second_bot_is_refused_until_the_first_one_ends(sqlite_url: str) -> None:
    assert running_bot(sqlite_url) is None
    first = lock_database(sqlite_url)
    assert first is not None
    assert running_bot(sqlite_url) == str(os.getpid())
    with pytest.raises(SecondBotError, match=f"process {os.getpid()}"):
        lock_database(sqlite_url)
    os.close(first)
    assert running_bot(sqlite_url) is None
    second = lock_database(sqlite_url)
    assert second is not None
    os.close(second)


def test_commands_work_beside_a_running_bot(sqlite_url: str) -> None:
    lock = lock_database(sqlite_url)
    with closing(Database(sqlite_url)) as database:
        database.write_now(probe_write)
    assert lock is not None
    os.close(lock)


def test_lock_names_the_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(DataFolderError, match=rf"cannot write to {tmp_path / 'taken'} \("):
        lock_database(f"sqlite:///{tmp_path / 'taken' / 'labelbot.db'}")


def test_several_bots_may_use_one_postgresql_database() -> None:
    assert lock_database("postgresql://x/y") is None
    assert running_bot("postgresql://x/y") is None
