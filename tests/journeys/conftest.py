"""What journeys share: a workspace where the bot is about to start, in every combination."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import TurnableClock
from bot.sandbox import NO_LIMITS, Sandbox
from bot.slack.manifest import manifest
from tests.journeys.story import MONDAY_MORNING, Story


@pytest.fixture(params=["socket", "http"])
def transport(request: pytest.FixtureRequest) -> str:
    """Return the way Slack's requests come in, once Socket Mode and once signed HTTP."""
    return str(request.param)


@pytest.fixture
def story(database_url: str, transport: str, tmp_path: Path) -> Iterator[Story]:
    """Return a workspace where the bot is not running yet, on a Monday morning in London."""
    clock = TurnableClock(MONDAY_MORNING)
    with Sandbox(manifest=manifest(None), clock=clock, limits=NO_LIMITS) as sandbox:
        told = Story(sandbox, database_url, tmp_path, transport, clock)
        yield told
        told.ends()
        told.database.close()
