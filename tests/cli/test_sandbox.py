"""`labelbot sandbox`: a workspace for anybody's app, on its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.conftest import CommandRunner

Json = dict[str, Any]

LUNCH = Path(__file__).with_name("lunch.py")
PATIENCE = 60.0
"""Seconds in which another process starts and answers, on a busy machine."""

WORKSPACE = """
people:
  - {name: ada, real_name: Ada Okafor}
  - {name: bo, tz: Asia/Tokyo}
channels:
  - {name: food, members: [ada, bo]}
groups:
  - {handle: hungry, members: [bo]}
limits: none
manifest:
  display_information: {name: Lunch}
  features:
    bot_user: {display_name: lunch}
    slash_commands:
      - {command: /lunch, description: Ask where to have lunch}
  oauth_config: {scopes: {bot: [chat:write, commands]}}
  settings: {interactivity: {is_enabled: true}, socket_mode_enabled: true}
"""


def _environment(**more: str) -> dict[str, str]:
    """Return the variables of another process: none of ours, and no proxy."""
    ours = ("SLACK_", "LABELBOT_", "DATABASE_", "COV_", "PYTEST_")
    kept = {name: one for name, one in os.environ.items() if not name.startswith(ours)}
    return {name: one for name, one in kept.items() if "proxy" not in name.lower()} | more


@contextmanager
def _running(*command: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(**environment),
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def _said(process: subprocess.Popen[str]) -> Json:
    """Return the JSON that a command prints before it goes on; it ends with a brace alone."""
    assert process.stdout is not None
    lines = list(takewhile(lambda line: line != "}\n", process.stdout))
    said: Json = json.loads("".join([*lines, "}"]))
    return said


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Json]:
    """Return what the command says of the workspace that it runs, with a stranger's app in it."""
    config = tmp_path / "workspace.yaml"
    config.write_text(WORKSPACE, encoding="utf-8")
    with ExitStack() as stack:
        command = ("-m", "bot.cli", "sandbox", "--config", str(config), "--port", "0", "--json")
        serving = stack.enter_context(_running(*command))
        said = _said(serving)
        stack.enter_context(_running(str(LUNCH), **said["settings"]))
        yield said


@pytest.fixture
def ask(workspace: Json) -> Iterator[Callable[..., Json]]:
    """Return what asks something of the control API, as a test in any language would."""
    with httpx.Client(base_url=workspace["url"], trust_env=False, timeout=PATIENCE) as http:

        def post(deed: str, person: str, **what: object) -> Json:
            body = {"as": person, "within": PATIENCE, **what}
            answer = http.post(f"/control/{deed}", json=body)
            assert answer.status_code == 200, answer.text
            told: Json = answer.json()
            return told

        started = time.monotonic()
        while not http.get("/control/workspace").json()["connections"]:
            assert time.monotonic() - started < PATIENCE, "the app does not come"
        yield post


def test_a_strangers_app_lives_in_it_without_our_bot(
    workspace: Json, ask: Callable[..., Json]
) -> None:
    assert set(workspace["people"]) == {"ada", "bo"}
    ask("types", "ada", text="/lunch", channel="food")
    told = ask("submits", "ada", entries={"where": "Park"})
    assert told["payload"]["view"]["callback_id"] == "lunch"
    ask("waits", "bo", text="Lunch at the Park?")
    told = ask("clicks", "bo", text="I am in")
    assert told["payload"]["user"]["name"] == "bo"
    ask("waits", "ada", text="comes along")


def test_a_layout_that_makes_no_sense_is_said(bare: CommandRunner) -> None:
    bare.write_file(
        "workspace.yaml", "people: [{name: ada}]\nchannels: [{name: x, members: [eve]}]"
    )
    ran = bare("sandbox", "--config", "workspace.yaml", "--port", "0")
    assert ran.code != 0
    assert "'eve', a member of #x, is not among the people" in ran.err
    bare.write_file("workspace.yaml", "peeple: []")
    ran = bare("sandbox", "--config", "workspace.yaml", "--port", "0")
    assert "peeple" in ran.err
