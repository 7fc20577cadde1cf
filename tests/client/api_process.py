"""`labelbot api` in a process of its own, which can be killed and started again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

POLL_SECONDS = 0.002


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class ApiProcess:
    """The API on a port that stays the same; `kills` counts how often it was killed."""

    database_url: str
    folder: Path
    port: int = field(default_factory=_free_port)
    kills: int = 0
    process: subprocess.Popen[str] | None = None
    changes: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Return the address of the API."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the API unless it runs, and wait until it listens."""
        with self.changes:
            if self.process is None:
                self.process = self._listening_process()

    def _listening_process(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603 - a command of the tests
            [sys.executable, "-m", "bot.cli", "api", "--port", str(self.port), "--rate", "100000"],
            env={**os.environ, "DATABASE_URL": self.database_url},
            cwd=self.folder,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        assert "is running" in process.stderr.readline()
        return process

    def kill(self) -> None:
        """Kill the process with SIGKILL, and wait until it is gone."""
        with self.changes:
            if self.process is not None:
                self.process.kill()
                self.process.communicate()
                self.process, self.kills = None, self.kills + 1

    @contextmanager
    def killed_when(self, condition: Callable[[], bool]) -> Iterator[None]:
        """Kill the process as soon as a condition holds while the block runs."""
        is_over = threading.Event()

        def watch() -> None:
            while not is_over.wait(POLL_SECONDS):
                if condition():
                    self.kill()
                    return

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield
        finally:
            is_over.set()
            watcher.join()


@contextmanager
def run_api_process(database_url: str, folder: Path) -> Iterator[ApiProcess]:
    """Run the API until the block ends."""
    running = ApiProcess(database_url, folder)
    running.start()
    try:
        yield running
    finally:
        running.kill()
