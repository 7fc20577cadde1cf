"""A child process that ignores SIGTERM: `python -m tests.stubborn_child`.

It writes a byte to the named pipe in `DATABASE_URL` and then waits.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Path(os.environ["DATABASE_URL"]).write_bytes(b"x")
    signal.pause()
