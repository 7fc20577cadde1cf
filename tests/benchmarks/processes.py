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

LAUNCHER = Path(__file__).with_name("launcher.py")

PATIENCE = 60
"""Seconds for a process to say that it is ready, and to end when it is told to."""


class NotReadyError(RuntimeError):
    """A process ended, or said nothing, before it was ready."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that has ended: its seconds, its peak memory in bytes, what it printed."""

    seconds: float
    peak: int
    printed: bytes


@dataclass(frozen=True, slots=True)
class Running:
    """A process that is ready: its id, where it listens, when it was started."""

    pid: int
    port: int
    begun: float


def run(*arguments: str, env: Mapping[str, str] | None = None) -> Ran:
    """Run Python with these arguments to its end.

    Raises:
        CalledProcessError: it failed.
    """
    reader, writer = os.pipe()
    launcher = (sys.executable, "-I", "-S", str(LAUNCHER), str(writer))
    with os.fdopen(reader) as told, os.fdopen(writer, "w"):
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [*launcher, sys.executable, *arguments],
            env=_merged(env),
            pass_fds=[writer],
            stdout=subprocess.PIPE,
            check=True,
        )
        seconds, peak = os.read(told.fileno(), 100).split()
    return Ran(float(seconds), int(peak), done.stdout)


def _merged(env: Mapping[str, str] | None) -> dict[str, str]:
    return {**os.environ, **(env or {})}


@contextmanager
def running(*arguments: str, ready: str, env: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Run Python with these arguments until the block ends.

    `ready` is a pattern in what it prints, its group the port.

    Raises:
        NotReadyError: it did not come up; what it printed is in the error.
    """
    with TemporaryFile() as printed:
        begun = perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, *arguments], env=_merged(env), stdout=printed, stderr=printed
        )
        try:
            yield Running(process.pid, _port(process, printed.fileno(), ready), begun)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _port(process: subprocess.Popen[bytes], printed: int, ready: str) -> int:
    until = perf_counter() + PATIENCE
    while process.poll() is None and perf_counter() < until:
        said = os.pread(printed, 100_000, 0).decode()
        if found := re.search(ready, said):
            return int(found[1])
        sleep(0.005)
    raise NotReadyError(os.pread(printed, 100_000, 0).decode())


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_for_port(port: int) -> None:
    """Wait until somebody listens on a port.

    Raises:
        NotReadyError: nobody does.
    """
    until = perf_counter() + PATIENCE
    while perf_counter() < until:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        sleep(0.005)
    message = f"nobody listens on port {port}"
    raise NotReadyError(message)


def memory(pid: int) -> int:
    """Return what a process holds in memory now, in bytes."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        return int(status.read_text().partition("VmRSS:")[2].split()[0]) * 1024
    asked = ["ps", "-o", "rss=", "-p", str(pid)]
    return int(subprocess.run(asked, capture_output=True, check=True).stdout) * 1024  # noqa: S603 - numbers only
