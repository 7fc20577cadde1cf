"""Fixtures for command tests: a runner of `labelbot` with its own folder and database."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.sandbox import NO_LIMITS, Sandbox
from bot.slack.app_manifest import build_manifest
from storage.database import Database
from tests.services.conftest import Scenario


@dataclass(frozen=True)
class CommandResult:
    """The exit code and output of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON
        """Return the output, parsed as JSON."""
        return json.loads(self.out)


@dataclass
class CommandRunner:
    """Runs `labelbot` commands in this process, like a terminal."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    folder: Path

    def __call__(self, *arguments: str) -> CommandResult:
        """Run one command."""
        self.monkeypatch.setattr(sys, "argv", ["labelbot", *arguments])
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as exit_info:
            main()
        output = self.capsys.readouterr()
        return CommandResult(int(exit_info.value.code or 0), output.out, output.err)

    def set_env(self, **variables: str) -> None:
        """Set environment variables."""
        for name, value in variables.items():
            self.monkeypatch.setenv(name, value)

    def type_input(self, text: str) -> None:
        """Let the next commands read a text that a person types; "" is the end of the input."""
        self.monkeypatch.setattr(sys, "stdin", StringIO(text))

    def write_file(self, name: str, text: str) -> str:
        """Write a file and return its name."""
        (self.folder / name).write_text(text, encoding="utf-8")
        return name


@pytest.fixture
def labelbot_unconfigured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> CommandRunner:
    """Return a runner in an empty folder, without any settings."""
    for name in os.environ:
        if name.startswith(("SLACK_", "LABELBOT_", "DATABASE_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return CommandRunner(monkeypatch, capsys, tmp_path)


@pytest.fixture
def labelbot(labelbot_unconfigured: CommandRunner, database_url: str) -> CommandRunner:
    """Return a runner with a database: once SQLite, once PostgreSQL."""
    labelbot_unconfigured.set_env(DATABASE_URL=database_url)
    return labelbot_unconfigured


@pytest.fixture
def labelbot_sqlite(labelbot_unconfigured: CommandRunner, sqlite_url: str) -> CommandRunner:
    """Return a runner with a SQLite database, for tests that do not depend on the database."""
    labelbot_unconfigured.set_env(DATABASE_URL=sqlite_url)
    return labelbot_unconfigured


@pytest.fixture
def scenario(labelbot_sqlite: CommandRunner, sqlite_url: str) -> Iterator[Scenario]:
    """Return a scenario in the database of `labelbot_sqlite`."""
    database = Database(sqlite_url)
    yield Scenario(database, labelbot_sqlite.folder)
    database.close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Return a sandbox workspace with the app installed from its manifest."""
    with Sandbox(manifest=build_manifest(None), limits=NO_LIMITS) as running:
        yield running


@pytest.fixture
def labelbot_connected(labelbot_sqlite: CommandRunner, sandbox: Sandbox) -> CommandRunner:
    """Return a runner whose settings point to the sandbox workspace."""
    labelbot_sqlite.set_env(
        SLACK_API_URL=sandbox.api_url,
        SLACK_BOT_TOKEN=sandbox.bot_token,
        SLACK_APP_TOKEN=sandbox.app_token,
    )
    return labelbot_sqlite
