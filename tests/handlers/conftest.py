"""What tests of handlers share: the bot's front."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.conftest import empty
from tests.handlers.front import Front, open_front


@pytest.fixture
async def front(sqlite_door: Database, tmp_path: Path) -> AsyncIterator[Front]:
    """Return the front of a bot."""
    sqlite_door.write_now(empty)
    async with open_front(sqlite_door, tmp_path) as opened:
        yield opened
