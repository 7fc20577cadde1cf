"""Run a command and measure it: `python -I -S launcher.py DESCRIPTOR COMMAND ARGUMENT...`.

The duration and the processor time in seconds, and the peak memory in bytes, are written to the
file descriptor. The launcher is a small process of its own because the system counts the memory of
the parent as the first peak of its child.
"""

from __future__ import annotations

import os
import sys
import time

MAXRSS_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024
"""The unit of `ru_maxrss`."""


def main() -> None:
    """Run the command, write its figures, and exit with its exit code."""
    descriptor, command = int(sys.argv[1]), sys.argv[2:]
    started = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    processor_seconds = usage.ru_utime + usage.ru_stime
    figures = (seconds, processor_seconds, usage.ru_maxrss * MAXRSS_UNIT_BYTES)
    os.write(descriptor, " ".join(map(str, figures)).encode())
    raise SystemExit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
