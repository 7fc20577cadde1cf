"""What tests of handlers share: the bot's front."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.conftest import empty_tables
from tests.handlers.bolt_app import BoltApp, open_bolt_app


@pytest.fixture
async def front(sqlite_door: Database, tmp_path: Path) -> AsyncIterator[BoltApp]:
    """Return the front of a bot."""
    sqlite_door.write_now(empty_tables)
    async with open_bolt_app(sqlite_door, tmp_path) as opened:
        yield opened
