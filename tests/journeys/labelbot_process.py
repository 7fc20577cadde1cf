"""`labelbot` commands in processes of their own, with the settings of a journey."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.journeys.journey import Journey

STOP_SECONDS = 20


@contextmanager
def run_until_stopped(
    journey: Journey, *arguments: str, ready: str, port: int = 0
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a command until the end of the context; yield the process and its first line.

    The context begins when the command prints that line, which must contain `ready`. At the end
    the command is stopped with SIGTERM.
    """
    child = subprocess.Popen(  # noqa: S603 - a command of the tests
        [sys.executable, "-m", "bot.cli", *arguments],
        env=_environment(journey, port),
        cwd=journey.folder,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    line = child.stderr.readline()
    assert ready in line
    try:
        yield child, line
    finally:
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=STOP_SECONDS)


def run_to_end(journey: Journey, *arguments: str) -> str:
    """Run a command that must succeed, and return its output."""
    finished = subprocess.run(  # noqa: S603 - a command of the tests
        [sys.executable, "-m", "bot.cli", *arguments],
        env=_environment(journey, 0),
        cwd=journey.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def _environment(journey: Journey, port: int) -> Mapping[str, str]:
    sandbox = journey.sandbox
    transport_settings = (
        {"SLACK_APP_TOKEN": sandbox.app_token}
        if journey.transport == "socket"
        else {"SLACK_SIGNING_SECRET": sandbox.signing_secret}
    )
    return {
        **os.environ,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": journey.database_url,
        "LABELBOT_PORT": str(port),
        "LABELBOT_TICK_SECONDS": "0.5",
        **transport_settings,
    }
