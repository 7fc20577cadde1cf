"""Replace a folder atomically: readers see either the old or the new folder."""

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
    """Rename the folder `source` to `target`; an existing target folder is removed.

    On Linux the folders are swapped in one step (renameat2). Elsewhere, and on file systems without
    it, `target` is missing for the moment between two renames.

    Raises:
        OSError: the file system refused; both folders are unchanged.
    """
    try:
        source.rename(target)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.EACCES):
            raise
        _swap(source, target)
        shutil.rmtree(source, ignore_errors=True)  # after the swap, `source` is the old folder
    sync_to_disk(target.parent)


def sync_to_disk(path: Path) -> None:
    """Flush a file, or the entries of a folder, to disk (fsync)."""
    if path.is_dir() and not hasattr(os, "O_DIRECTORY"):
        return  # Windows cannot open folders and needs no fsync for them
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _swap(first: Path, second: Path) -> None:
    if sys.platform != "linux" or not swap_atomically(first, second):
        swap_in_steps(first, second)


def swap_atomically(first: Path, second: Path) -> bool:
    """Swap two paths in one step; return False if this system cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    paths = (AT_FDCWD, os.fsencode(first), AT_FDCWD, os.fsencode(second))
    if rename(*paths, RENAME_EXCHANGE) == 0:
        return True
    error_number = ctypes.get_errno()
    if error_number in UNSUPPORTED_ERRNOS:
        return False
    raise OSError(error_number, os.strerror(error_number), str(second))


def swap_in_steps(first: Path, second: Path) -> None:
    """Swap two paths in three renames; undo the first rename if the second fails."""
    backup = first.with_name(f"{first.name}.old")
    second.rename(backup)
    try:
        first.rename(second)
    except OSError:
        backup.rename(second)
        raise
    backup.rename(first)
