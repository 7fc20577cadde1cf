"""A folder put in the place of another as a whole: whoever looks sees the old or the new one."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path

AT_FDCWD = -100
RENAME_EXCHANGE = 2
UNSUPPORTED_ERRNOS = (errno.ENOSYS, errno.EINVAL)


def replace_folder(source: Path, target: Path) -> None:
    """Rename the folder `made` to `target`; a folder that was there is removed.

    On Linux the two change places in one step (renameat2). Elsewhere, and on file systems that
    cannot do that, `target` is missing for the moment between two renames.

    Raises:
        OSError: if the file system refuses; both folders are then where they were.
    """
    try:
        source.rename(target)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.EACCES):
            raise
        _swap(source, target)
        shutil.rmtree(source, ignore_errors=True)  # the old folder, by its new name
    sync_to_disk(target.parent)


def sync_to_disk(path: Path) -> None:
    """Have a file, or the names in a folder, written to the disk before anything else happens."""
    if path.is_dir() and not hasattr(os, "O_DIRECTORY"):
        return  # Windows keeps folders safe by itself and opens none
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _swap(one: Path, other: Path) -> None:
    if sys.platform != "linux" or not swap_atomically(one, other):
        swap_in_steps(one, other)


def swap_atomically(one: Path, other: Path) -> bool:
    """Let two paths change places in one step; return whether this system can."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in UNSUPPORTED_ERRNOS:
        return False
    raise OSError(number, os.strerror(number), str(other))


def swap_in_steps(one: Path, other: Path) -> None:
    """Let two paths change places in three steps, and undo the first if the second fails."""
    backup = one.with_name(f"{one.name}.old")
    other.rename(backup)
    try:
        one.rename(other)
    except OSError:
        backup.rename(other)
        raise
    backup.rename(one)
