"""Locks on files: they tell whether another process is still at work.

The operating system releases a lock when its process ends, also after a kill. On Windows there are
no locks of this kind, so nothing is locked there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform != "win32":
    import fcntl

PRIVATE_FILE_MODE = 0o600


def open_locked(path: Path, access: int = os.O_RDWR) -> int | None:
    """Create or open a file and lock it; return its descriptor, None if it is locked already.

    Closing the descriptor releases the lock.

    Raises:
        OSError: the file cannot be opened for `access`.
    """
    descriptor = os.open(path, access | os.O_CREAT, PRIVATE_FILE_MODE)
    if sys.platform != "win32":
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except OSError:
            os.close(descriptor)
            raise
    return descriptor
