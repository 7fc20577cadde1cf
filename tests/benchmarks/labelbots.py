"""The bot as it is run: `labelbot` in its own process, with its settings in the environment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks import processes
from tests.benchmarks.processes import Ran, Running
from tests.benchmarks.requests import SECRET
from tests.benchmarks.standin import StandIn

LABELBOT = ("-m", "bot.cli")

READY = r"health on http://127\.0\.0\.1:(\d+)/"


def labelbot(url: str, *words: str) -> Ran:
    """Run a command to its end."""
    return processes.run(*LABELBOT, *words, env={"DATABASE_URL": url})


@contextmanager
def running_bot(url: str, standin: StandIn, *, socket: bool = False) -> Iterator[Running]:
    """Run the bot against the stand-in, by signed HTTP or over Socket Mode."""
    way = {"SLACK_APP_TOKEN": "xapp-1"} if socket else {"SLACK_SIGNING_SECRET": SECRET}
    env = settings(url, standin.api_url) | {"SLACK_BOT_TOKEN": "xoxb-1"} | way
    with processes.running(*LABELBOT, "run", ready=READY, env=env) as running:
        yield running


def settings(url: str, api_url: str) -> dict[str, str]:
    """Return the environment of any bot here."""
    return {"DATABASE_URL": url, "SLACK_API_URL": api_url, "LABELBOT_PORT": "0"}
