"""`labelbot` in a process of its own, with its settings in the environment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks import processes
from tests.benchmarks.processes import FinishedProcess, RunningProcess
from tests.benchmarks.slack_requests import SIGNING_SECRET
from tests.benchmarks.slack_stub import SlackStub

LABELBOT_COMMAND = ("-m", "bot.cli")

READY_PATTERN = r"health check at http://127\.0\.0\.1:(\d+)/"


def run_labelbot(url: str, *arguments: str) -> FinishedProcess:
    """Run a `labelbot` command until it exits."""
    return processes.run_python(*LABELBOT_COMMAND, *arguments, env={"DATABASE_URL": url})


@contextmanager
def run_bot(url: str, stub: SlackStub, *, socket: bool = False) -> Iterator[RunningProcess]:
    """Run the bot against the stub, over signed HTTP or Socket Mode."""
    credentials = (
        {"SLACK_APP_TOKEN": "xapp-1"} if socket else {"SLACK_SIGNING_SECRET": SIGNING_SECRET}
    )
    env = bot_environment(url, stub.api_url) | {"SLACK_BOT_TOKEN": "xoxb-1"} | credentials
    with processes.start_python(*LABELBOT_COMMAND, "run", ready=READY_PATTERN, env=env) as process:
        yield process


def bot_environment(url: str, api_url: str) -> dict[str, str]:
    """Return the environment variables that every bot needs."""
    return {"DATABASE_URL": url, "SLACK_API_URL": api_url, "LABELBOT_PORT": "0"}
