"""`labelbot sandbox`: a stand-in workspace for any Slack app."""

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

LUNCH_APP = Path(__file__).with_name("lunch_app.py")
TIMEOUT_SECONDS = 60.0
"""Time for another process to start and respond on a busy machine."""

WORKSPACE = """
users:
  - {name: ada, real_name: Ada Okafor}
  - {name: bo, tz: Asia/Tokyo}
channels:
  - {name: food, members: [ada, bo]}
usergroups:
  - {handle: hungry, members: [bo]}
rate_limits: none
manifest:
  display_information: {name: Lunch}
  features:
    bot_user: {display_name: lunch}
    slash_commands:
      - {command: /lunch, description: Ask where to have lunch}
  oauth_config: {scopes: {bot: [chat:write, commands]}}
  settings: {interactivity: {is_enabled: true}, socket_mode_enabled: true}
"""


def _environment(**variables: str) -> dict[str, str]:
    """Return the environment of another process, without our settings and without a proxy."""
    ours = ("SLACK_", "LABELBOT_", "DATABASE_", "COV_", "PYTEST_")
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(ours) and "proxy" not in name.lower()
    }
    return inherited | variables


@contextmanager
def _running(*command: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(  # noqa: S603 - fixed commands
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(**environment),
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def _read_json(process: subprocess.Popen[str]) -> Json:
    """Return the JSON that a running command prints first; its last line is a brace."""
    assert process.stdout is not None
    lines = list(takewhile(lambda line: line != "}\n", process.stdout))
    access: Json = json.loads("".join([*lines, "}"]))
    return access


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Json]:
    """Run the command and a third-party app in its workspace; return the command's output."""
    config = tmp_path / "workspace.yaml"
    config.write_text(WORKSPACE, encoding="utf-8")
    with ExitStack() as stack:
        command = ("-m", "bot.cli", "sandbox", "--config", str(config), "--port", "0", "--json")
        process = stack.enter_context(_running(*command))
        access = _read_json(process)
        stack.enter_context(_running(str(LUNCH_APP), **access["settings"]))
        yield access


@pytest.fixture
def post(workspace: Json) -> Iterator[Callable[..., Json]]:
    """Return a function that calls the control API as a user."""
    with httpx.Client(base_url=workspace["url"], trust_env=False, timeout=TIMEOUT_SECONDS) as http:

        def call(action: str, user: str, **arguments: object) -> Json:
            body = {"as": user, "within": TIMEOUT_SECONDS, **arguments}
            response = http.post(f"/control/{action}", json=body)
            assert response.status_code == 200, response.text
            result: Json = response.json()
            return result

        started = time.monotonic()
        while not http.get("/control/workspace").json()["connections"]:
            assert time.monotonic() - started < TIMEOUT_SECONDS, "the app did not connect"
        yield call


def test_third_party_app_runs_without_labelbot(workspace: Json, post: Callable[..., Json]) -> None:
    assert set(workspace["users"]) == {"ada", "bo"}
    post("send_message", "ada", text="/lunch", channel="food")
    result = post("submit_modal", "ada", entries={"where": "Park"})
    assert result["payload"]["view"]["callback_id"] == "lunch"
    post("wait_for_text", "bo", text="Lunch at the Park?")
    result = post("click", "bo", text="I am in")
    assert result["payload"]["user"]["name"] == "bo"
    post("wait_for_text", "ada", text="comes along")


def test_invalid_config_is_reported(labelbot_unconfigured: CommandRunner) -> None:
    labelbot_unconfigured.write_file(
        "workspace.yaml", "users: [{name: ada}]\nchannels: [{name: x, members: [eve]}]"
    )
    ran = labelbot_unconfigured("sandbox", "--config", "workspace.yaml", "--port", "0")
    assert ran.code != 0
    assert "'eve', a member of #x, is not listed under users" in ran.err
    labelbot_unconfigured.write_file("workspace.yaml", "peeple: []")
    ran = labelbot_unconfigured("sandbox", "--config", "workspace.yaml", "--port", "0")
    assert "peeple" in ran.err
