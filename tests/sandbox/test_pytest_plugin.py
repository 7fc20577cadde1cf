"""The plugin for pytest, used here and as the documentation says in a project of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox import RateLimit, Sandbox, SimulatedUser
from bot.sandbox.pytest_plugin import close_connections
from tests.sandbox.starter_app import register_listeners

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "testing-slack-apps.md"
STARTER_APP = Path(__file__).with_name("starter_app.py")


def _fences(language: str) -> list[str]:
    tokens = MarkdownIt().parse(PAGE.read_text(encoding="utf-8"))
    return [one.content for one in tokens if one.type == "fence" and one.info == language]


TEST, APP, _OPTIONS, PROCESS_TEST = _fences("python")
(MANIFEST,) = _fences("json")
(CONFIGURATION,) = _fences("ini")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the folder of another project: an app and a test of it."""
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    (tmp_path / "test_app.py").write_text(TEST, encoding="utf-8")
    return tmp_path


def _run_pytest(project: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-W", "error", "-p", "no:cacheprovider"]
    command += ["-p", "no:asyncio"]  # it warns without configuration
    result = subprocess.run(  # noqa: S603 - ours
        command, cwd=project, check=False, capture_output=True, text=True
    )
    return result.returncode, result.stdout + result.stderr


@pytest.fixture
def slack_manifest() -> dict[str, Any]:
    """Return the manifest of the starter app."""
    manifest: dict[str, Any] = json.loads(MANIFEST)
    return manifest


@pytest.fixture
def slack_sandbox_options() -> dict[str, Any]:
    """Limit a method that the starter app does not use."""
    return {"limits": {"auth.teams.list": RateLimit(1, 60)}, "ack_timeout": 2.5}


def test_documented_app_is_the_starter_app() -> None:
    assert STARTER_APP.read_text(encoding="utf-8") == APP


def test_documented_tests_pass_in_a_project_of_their_own(project: Path) -> None:
    (project / "manifest.json").write_text(MANIFEST, encoding="utf-8")
    (project / "test_process.py").write_text(PROCESS_TEST, encoding="utf-8")
    code, output = _run_pytest(project)
    assert (code, "2 passed" in output) == (0, True), output


def test_configuration_names_another_manifest(project: Path) -> None:
    (project / "slack").mkdir()
    (project / "slack" / "manifest.yaml").write_text(MANIFEST, encoding="utf-8")
    (project / "pytest.ini").write_text(CONFIGURATION, encoding="utf-8")
    code, output = _run_pytest(project)
    assert code == 0, output


def test_missing_manifest_is_explained(project: Path) -> None:
    code, output = _run_pytest(project)
    assert code == 1
    assert f"There is no app manifest in {project}" in output


def test_plugin_loads_nothing_before_it_is_used() -> None:
    script = (
        "import sys, bot.sandbox.pytest_plugin;"
        "print(*{'aiohttp', 'jinja2', 'slack_bolt', 'slack_sdk', 'yaml'} & sys.modules.keys())"
        "or print(*[name for name in sys.modules if name.startswith('bot.sandbox.')])"
    )
    command = [sys.executable, "-c", script]
    result = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    assert result.stdout.split() == ["bot.sandbox.pytest_plugin"]


def test_two_apps_are_connected_side_by_side(
    slack_sandbox: Sandbox, slack_user: SimulatedUser, connect_slack_app: Callable[[App], None]
) -> None:
    for _ in range(2):
        app = App(client=WebClient(slack_sandbox.bot_token, base_url=slack_sandbox.api_url))
        register_listeners(app)
        connect_slack_app(app)
    assert slack_sandbox.connection_count == 2
    slack_user.send_message("hello")
    slack_user.wait_for_text("Hey there @Ada!")


def test_app_that_is_just_reconnecting_is_closed(slack_sandbox: Sandbox) -> None:
    app = App(client=WebClient(slack_sandbox.bot_token, base_url=slack_sandbox.api_url))
    handler: Any = SocketModeHandler(app, slack_sandbox.app_token)
    handler.connect()
    slack_sandbox.wait_until(lambda: slack_sandbox.connection_count)
    slack_sandbox.faults.slow("apps.connections.open", 0.5)
    slack_sandbox.faults.disconnect("refresh_requested")
    slack_sandbox.wait_until(lambda: not slack_sandbox.faults.active())
    close_connections(slack_sandbox, [handler])
    assert not handler.client.is_connected()
    slack_sandbox.wait_until(lambda: slack_sandbox.connection_count == 0)
    assert handler.client.auto_reconnect_enabled is False


def test_environment_has_the_settings_of_the_app(slack_sandbox: Sandbox) -> None:
    assert slack_sandbox.environment == {
        "SLACK_API_URL": f"{slack_sandbox.url}/api/",
        "SLACK_BOT_TOKEN": slack_sandbox.bot_token,
        "SLACK_APP_TOKEN": slack_sandbox.app_token,
        "SLACK_SIGNING_SECRET": slack_sandbox.signing_secret,
    }
