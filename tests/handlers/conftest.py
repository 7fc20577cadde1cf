"""What tests of handlers share: the bot's front."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.front import Front, open_front


@pytest.fixture
async def front(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Front]:
    """Return the front of a bot."""
    async with open_front(sqlite_url, tmp_path) as opened:
        yield opened
