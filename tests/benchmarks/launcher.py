"""Run a command and say what it took: `python -I -S launcher.py DESCRIPTOR COMMAND ARGUMENT...`.

The seconds and the peak memory in bytes go to the file descriptor. This is a process of its own
because the system takes what a starter held for the peak of whatever it starts; this one is small.
"""

from __future__ import annotations

import os
import sys
import time

MAXRSS_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024
"""Bytes in one of `ru_maxrss`."""


def main() -> None:
    """Run it, and end as it ends."""
    descriptor, command = int(sys.argv[1]), sys.argv[2:]
    started = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    os.write(descriptor, f"{seconds} {usage.ru_maxrss * MAXRSS_UNIT_BYTES}".encode())
    raise SystemExit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
