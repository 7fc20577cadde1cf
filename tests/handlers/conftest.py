"""Fixtures of the handler tests: the bot's Bolt app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.conftest import empty_tables
from tests.handlers.bolt_app import BoltApp, open_bolt_app


@pytest.fixture
async def bolt(sqlite_database: Database, tmp_path: Path) -> AsyncIterator[BoltApp]:
    """Return a Bolt app with an empty database."""
    sqlite_database.write_now(empty_tables)
    async with open_bolt_app(sqlite_database, tmp_path) as opened:
        yield opened
