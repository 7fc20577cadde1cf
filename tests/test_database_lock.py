"""Tests of the lock that keeps a second bot away from a SQLite file."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.database_lock import DataFolderError, SecondBotError, lock_database, running_bot
from storage.database import Database
from storage.engine import engine_for
from storage.queries.health import probe_write
from storage.worker_lock import WorkerLock, remove_stale_locks


def test_second_bot_is_refused_until_the_first_one_ends(sqlite_url: str) -> None:
    assert running_bot(sqlite_url) is None
    first = lock_database(sqlite_url)
    assert first is not None
    assert running_bot(sqlite_url) == str(os.getpid())
    with pytest.raises(SecondBotError, match=f"process {os.getpid()}"):
        lock_database(sqlite_url)
    first.close()
    assert running_bot(sqlite_url) is None
    second = lock_database(sqlite_url)
    assert second is not None
    second.close()


@pytest.mark.parametrize("name_file", [Path.hardlink_to, Path.symlink_to])
def test_second_bot_is_refused_under_another_name_of_the_file(
    sqlite_url: str, tmp_path: Path, name_file: Callable[[Path, Path], None]
) -> None:
    other = tmp_path / "another folder" / "copy.db"
    other.parent.mkdir()
    name_file(other, Path(sqlite_url.removeprefix("sqlite:///")))
    url = f"sqlite:///{other.parent}/../{other.parent.name}/{other.name}"
    first = lock_database(sqlite_url)
    assert first is not None
    with pytest.raises(SecondBotError, match=r"Another bot \(process (unknown|\d+)\) uses"):
        lock_database(url)
    assert running_bot(url) in ("unknown", str(os.getpid()))
    first.close()
    assert running_bot(url) is None


def test_workers_of_a_linked_file_share_their_locks(sqlite_url: str, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(sqlite_url.removeprefix("sqlite:///"))
    with closing(WorkerLock(engine_for(sqlite_url))) as lock:
        assert remove_stale_locks(engine_for(f"sqlite:///{link}")) == {lock.id}


def test_commands_work_beside_a_running_bot(sqlite_url: str) -> None:
    lock = lock_database(sqlite_url)
    with closing(Database(sqlite_url)) as database:
        database.write_now(probe_write)
    assert lock is not None
    lock.close()


def test_lock_names_the_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(DataFolderError, match=rf"cannot write to {tmp_path / 'taken'} \("):
        lock_database(f"sqlite:///{tmp_path / 'taken' / 'labelbot.db'}")


def test_several_bots_may_use_one_postgresql_database() -> None:
    assert lock_database("postgresql://x/y") is None
    assert running_bot("postgresql://x/y") is None
