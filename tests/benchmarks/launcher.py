"""Run a command and measure it: `python -I -S launcher.py DESCRIPTOR COMMAND ARGUMENT...`.

The duration and the processor time in seconds, and the peak memory in bytes, are written to the
file descriptor. On Linux, the memory is the sum of the peaks of the process and its children. The
launcher is a small process of its own because the system counts the memory of the parent as the
first peak of its child.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread

MAXRSS_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024
"""The unit of `ru_maxrss`."""

SAMPLE_SECONDS = 0.02
"""Seconds between two looks at the children of the process."""


def main() -> None:
    """Run the command, write its figures, and exit with its exit code."""
    descriptor, command = int(sys.argv[1]), sys.argv[2:]
    started = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ)
    peaks: dict[str, int] = {}
    Thread(target=_watch, args=(child, peaks), daemon=True).start()
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    processor_seconds = usage.ru_utime + usage.ru_stime
    peak = usage.ru_maxrss * MAXRSS_UNIT_BYTES + sum(peaks.values())
    figures = (seconds, processor_seconds, peak)
    os.write(descriptor, " ".join(map(str, figures)).encode())
    raise SystemExit(os.waitstatus_to_exitcode(status))


def _watch(pid: int, peaks: dict[str, int]) -> None:
    """Record the peak memory of each child of a process in bytes, by its id, until it ends."""
    while Path(f"/proc/{pid}").exists():
        for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
            with suppress(OSError):  # it has ended meanwhile
                for child in tasks.read_text().split():
                    peaks[child] = _peak_of(child) or peaks.get(child, 0)
        time.sleep(SAMPLE_SECONDS)


def _peak_of(pid: str) -> int:
    status = Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()
    return int(status[0]) * 1024 if status else 0


if __name__ == "__main__":
    main()
