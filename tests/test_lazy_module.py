"""Lazy modules: a running bot on SQLite does not load large ones that it may never need."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.sandbox import NO_LIMITS, Sandbox
from bot.slack.app_manifest import build_manifest
from storage.database import Database
from storage.schema_upgrade import upgrade

RUN_BOT = """
import sys
import bot.cli.run
from bot.background_bot import BackgroundBot
from bot.settings import load_settings

with BackgroundBot(load_settings()) as running:
    print(*running.bot.slack_problems(), *({name} & sys.modules.keys()))
"""

LARGE_MODULES = {
    *("PIL", "alembic", "httpx", "numpy", "openpyxl", "psycopg", "pyarrow", "rich.console"),
    *("fastapi", "jinja2", "matplotlib", "mcp", "opentelemetry", "uvicorn"),
}


@pytest.fixture
def current_url(tmp_path: Path) -> str:
    """Return the URL of an empty database with the current schema."""
    url = f"sqlite:///{tmp_path}/labelbot.db"
    with closing(Database(url)) as database:
        upgrade(database.engine)
    return url


def test_running_bot_loads_no_large_modules(current_url: str) -> None:
    with Sandbox(build_manifest(None), limits=NO_LIMITS) as sandbox:
        env = os.environ | {
            "DATABASE_URL": current_url,
            "SLACK_API_URL": sandbox.api_url,
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "LABELBOT_PORT": "0",
        }
        program = RUN_BOT.format(name=LARGE_MODULES)
        result = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
        )
    assert result.stdout == "\n"
