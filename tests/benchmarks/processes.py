"""Processes of their own for what is measured, and what the system says of them."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter, sleep

LAUNCHER_PATH = Path(__file__).with_name("launcher.py")

TIMEOUT_SECONDS = 60
"""Seconds for a process to say that it is ready, and to end when it is told to."""


class NotReadyError(RuntimeError):
    """A process ended, or said nothing, before it was ready."""


@dataclass(frozen=True, slots=True)
class FinishedProcess:
    """A process that has ended: its seconds, its peak memory in bytes, what it printed."""

    seconds: float
    peak_bytes: int
    output: bytes


@dataclass(frozen=True, slots=True)
class RunningProcess:
    """A process that is ready: its id, where it listens, when it was started."""

    pid: int
    port: int
    started: float


def run_python(*arguments: str, env: Mapping[str, str] | None = None) -> FinishedProcess:
    """Run Python with these arguments to its end.

    Raises:
        CalledProcessError: it failed.
    """
    reader, writer = os.pipe()
    launcher = (sys.executable, "-I", "-S", str(LAUNCHER_PATH), str(writer))
    with os.fdopen(reader) as results, os.fdopen(writer, "w"):
        completed = subprocess.run(  # noqa: S603 - our own interpreter
            [*launcher, sys.executable, *arguments],
            env=_merge_environment(env),
            pass_fds=[writer],
            stdout=subprocess.PIPE,
            check=True,
        )
        seconds, peak = os.read(results.fileno(), 100).split()
    return FinishedProcess(float(seconds), int(peak), completed.stdout)


def _merge_environment(env: Mapping[str, str] | None) -> dict[str, str]:
    return {**os.environ, **(env or {})}


@contextmanager
def start_python(
    *arguments: str, ready: str, env: Mapping[str, str] | None = None
) -> Iterator[RunningProcess]:
    """Run Python with these arguments until the block ends.

    `ready` is a pattern in what it prints, its group the port.

    Raises:
        NotReadyError: it did not come up; what it printed is in the error.
    """
    with TemporaryFile() as output:
        started = perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, *arguments], env=_merge_environment(env), stdout=output, stderr=output
        )
        try:
            yield RunningProcess(
                process.pid, _wait_for_ready_port(process, output.fileno(), ready), started
            )
        finally:
            process.terminate()
            process.wait(TIMEOUT_SECONDS)


def _wait_for_ready_port(
    process: subprocess.Popen[bytes], output_descriptor: int, ready_pattern: str
) -> int:
    deadline = perf_counter() + TIMEOUT_SECONDS
    while process.poll() is None and perf_counter() < deadline:
        output = os.pread(output_descriptor, 100_000, 0).decode()
        if found := re.search(ready_pattern, output):
            return int(found[1])
        sleep(0.005)
    raise NotReadyError(os.pread(output_descriptor, 100_000, 0).decode())


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_for_port(port: int) -> None:
    """Wait until somebody listens on a port.

    Raises:
        NotReadyError: nobody does.
    """
    deadline = perf_counter() + TIMEOUT_SECONDS
    while perf_counter() < deadline:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        sleep(0.005)
    message = f"nobody listens on port {port}"
    raise NotReadyError(message)


def resident_bytes(pid: int) -> int:
    """Return what a process holds in memory now, in bytes."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        return int(status.read_text().partition("VmRSS:")[2].split()[0]) * 1024
    command = ["ps", "-o", "rss=", "-p", str(pid)]
    return int(subprocess.run(command, capture_output=True, check=True).stdout) * 1024  # noqa: S603 - numbers only
