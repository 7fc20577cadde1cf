"""What tests of commands share: a shell that runs them, in a folder and a database of their own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.sandbox import NO_LIMITS, Sandbox
from bot.slack.manifest import manifest
from storage.database import Database
from tests.services.conftest import Workshop


@dataclass(frozen=True)
class Ran:
    """A command that ended: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command says
        """Return what it printed, read as JSON."""
        return json.loads(self.out)


@dataclass
class Shell:
    """Runs `labelbot` as a terminal would, in this process."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    folder: Path

    def __call__(self, *arguments: str) -> Ran:
        """Run one command."""
        self.monkeypatch.setattr(sys, "argv", ["labelbot", *arguments])
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = self.capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    def sets(self, **variables: str) -> None:
        """Set environment variables."""
        for name, value in variables.items():
            self.monkeypatch.setenv(name, value)

    def file(self, name: str, text: str) -> str:
        """Write a file and return its name."""
        (self.folder / name).write_text(text, encoding="utf-8")
        return name


@pytest.fixture
def bare(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Shell:
    """Return a shell in an empty folder, with no settings at all."""
    for name in os.environ:
        if name.startswith(("SLACK_", "LABELBOT_", "DATABASE_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return Shell(monkeypatch, capsys, tmp_path)


@pytest.fixture
def labelbot(bare: Shell, database_url: str) -> Shell:
    """Return a shell with a database, once on SQLite and once on PostgreSQL."""
    bare.sets(DATABASE_URL=database_url)
    return bare


@pytest.fixture
def local(bare: Shell, sqlite_url: str) -> Shell:
    """Return a shell with a database on SQLite, for what has nothing to do with databases."""
    bare.sets(DATABASE_URL=sqlite_url)
    return bare


@pytest.fixture
def beside(local: Shell, sqlite_url: str) -> Iterator[Workshop]:
    """Return hands that work in the database of `local`, beside its commands."""
    database = Database(sqlite_url)
    yield Workshop(database, local.folder)
    database.close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Return a workspace with the app as its manifest wants it."""
    with Sandbox(manifest=manifest(None), limits=NO_LIMITS) as running:
        yield running


@pytest.fixture
def connected(local: Shell, sandbox: Sandbox) -> Shell:
    """Return a shell whose settings lead to the workspace."""
    local.sets(
        SLACK_API_URL=sandbox.api_url,
        SLACK_BOT_TOKEN=sandbox.bot_token,
        SLACK_APP_TOKEN=sandbox.app_token,
    )
    return local
