"""Child processes of the benchmarks, with their run time, memory and port."""

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
"""Seconds for a process to become ready, and to exit when terminated."""


class NotReadyError(RuntimeError):
    """A process exited before it was ready, or did not become ready in time."""


@dataclass(frozen=True, slots=True)
class FinishedProcess:
    """A process that has exited: its run time, its peak memory in bytes and its output.

    `processor_seconds` is the time that it kept a core busy, in the process and in the system.
    """

    seconds: float
    processor_seconds: float
    peak_bytes: int
    output: bytes


@dataclass(frozen=True, slots=True)
class RunningProcess:
    """A process that is ready: its id, its port and when it was started."""

    pid: int
    port: int
    started: float


def run_python(*arguments: str, env: Mapping[str, str] | None = None) -> FinishedProcess:
    """Run Python with these arguments until it exits.

    Raises:
        CalledProcessError: the exit code is not 0.
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
        seconds, processor_seconds, peak = os.read(results.fileno(), 100).split()
    return FinishedProcess(float(seconds), float(processor_seconds), int(peak), completed.stdout)


def _merge_environment(env: Mapping[str, str] | None) -> dict[str, str]:
    return {**os.environ, **(env or {})}


@contextmanager
def start_python(
    *arguments: str, ready: str, env: Mapping[str, str] | None = None
) -> Iterator[RunningProcess]:
    """Run Python with these arguments until the block ends.

    `ready` is a pattern that matches the output once the process is ready; its group is the port.

    Raises:
        NotReadyError: the process did not become ready; the error has its output.
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
    """Return a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_for_port(port: int, seconds: float = TIMEOUT_SECONDS) -> None:
    """Wait until a process listens on a port.

    Raises:
        NotReadyError: no process does within these seconds.
    """
    deadline = perf_counter() + seconds
    while perf_counter() < deadline:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        sleep(0.005)
    message = f"no process listens on port {port}"
    raise NotReadyError(message)


def cpu_seconds(pid: int) -> float:
    """Return the processor time that all threads of a process have taken, on Linux."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid: int) -> int:
    """Return the resident memory of a process in bytes."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        return int(status.read_text().partition("VmRSS:")[2].split()[0]) * 1024
    command = ["ps", "-o", "rss=", "-p", str(pid)]
    return int(subprocess.run(command, capture_output=True, check=True).stdout) * 1024  # noqa: S603 - numbers only
