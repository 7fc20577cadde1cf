"""The hidden folder that an export is written in, and the removal of what a kill left behind."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from filelock import FileLock, Timeout

from bot.clock import WallClock

HIDDEN_NAME = re.compile(r"\..+\.[0-9a-f]{8}")

OLD_AGE_SECONDS = 24 * 60 * 60
"""Age after which a folder without a lock file is removed, which an older version wrote."""

EXPORT_FILE = re.compile(r"rows\.spool|data\.[a-z]+|manifest\.json|README\.md")
"""Names of the files in such a folder."""


@contextmanager
def temporary_folder(directory: Path, name: str) -> Iterator[Path]:
    """Create a hidden sibling of the folder `name`, and remove what is left of it on exit.

    While it exists, this process holds the lock next to it. The folders of processes that were
    killed are removed first; their locks ended with them.
    """
    remove_abandoned_folders(directory)
    folder = directory / f".{name}.{token_hex(4)}"
    lock = FileLock(_lock_path(folder), thread_local=False)
    with lock:
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            _lock_path(folder).unlink(missing_ok=True)


def remove_abandoned_folders(directory: Path) -> None:
    """Remove the hidden folders in `directory` whose process was killed, and their locks."""
    for path in sorted(directory.iterdir()):
        folder = path.with_suffix("") if path.suffix == ".lock" else path
        if HIDDEN_NAME.fullmatch(folder.name) and not path.is_symlink():
            _remove_if_abandoned(folder)


def _remove_if_abandoned(folder: Path) -> None:
    lock_path = _lock_path(folder)
    if not lock_path.exists():
        if _is_old_export(folder):
            shutil.rmtree(folder, ignore_errors=True)
        return
    lock = FileLock(lock_path, thread_local=False)
    try:
        with lock.acquire(blocking=False):
            shutil.rmtree(folder, ignore_errors=True)
            lock_path.unlink(missing_ok=True)
    except (Timeout, OSError):
        return  # its process runs, or the file is gone


def _is_old_export(folder: Path) -> bool:
    """Return whether an older version wrote a folder, too long ago to be still writing it."""
    if not folder.is_dir():
        return False
    age = WallClock().now().timestamp() - folder.stat().st_mtime
    return age > OLD_AGE_SECONDS and all(
        EXPORT_FILE.fullmatch(path.name) for path in folder.iterdir()
    )


def _lock_path(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")
