"""Bots in processes of their own, which are killed and started again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.settings import Settings

BOTS = 3

STOP_SECONDS = 20

EXPECTED_ERRORS = ("Slack did not do what a background task asked",)
"""Log lines about what the sandbox refuses on purpose."""


class Bots:
    """The running bots; a context manager that stops them. Each writes a log file."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        """Prepare the bots of one app."""
        self._folder = folder
        self._environment = _environment_of(settings)
        self._processes: list[subprocess.Popen[bytes]] = []

    def kill_and_restart(self, number: int) -> None:
        """Kill a bot with SIGKILL and start it again at once."""
        process = self._processes[number]
        process.send_signal(signal.SIGKILL)
        process.wait()
        self._processes[number] = self._start(number)

    def errors(self) -> list[str]:
        """Return the lines of the logs that report an error."""
        return [
            line
            for number in range(BOTS)
            for line in self._log(number).read_text(errors="replace").splitlines()
            if re.search(r"ERROR|CRITICAL|Traceback", line)
            and not any(text in line for text in EXPECTED_ERRORS)
        ]

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        with self._log(number).open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "run"],
                env={**os.environ, **self._environment},
                stdout=log,
                stderr=log,
            )

    def _log(self, number: int) -> Path:
        return self._folder / f"bot{number}.log"

    def __enter__(self) -> Self:
        """Start the bots."""
        self._processes = [self._start(number) for number in range(BOTS)]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the bots."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait(STOP_SECONDS)


def _environment_of(settings: Settings) -> dict[str, str]:
    app_token = settings.app_token
    return {
        "SLACK_BOT_TOKEN": settings.bot_token.get_secret_value(),
        "SLACK_APP_TOKEN": app_token.get_secret_value() if app_token else "",
        "SLACK_API_URL": settings.api_url,
        "DATABASE_URL": settings.database_url,
        "LABELBOT_PORT": "0",
        "LABELBOT_EXPORTS": str(settings.exports_dir),
        "LABELBOT_IMPORTS": str(settings.imports_dir),
    }
