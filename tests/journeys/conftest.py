"""Fixtures of the journeys: a sandbox workspace with a bot to start, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import AdjustableClock
from bot.sandbox import NO_LIMITS, Sandbox
from bot.slack.app_manifest import build_manifest
from tests.journeys.journey import MONDAY_MORNING, Journey


@pytest.fixture
def transport(request: pytest.FixtureRequest, database_url: str) -> str:
    """Return how the bot receives requests: Socket Mode on SQLite, signed HTTP on PostgreSQL.

    Both deliver the same dict, so not every combination is tested. A test can request one of them
    with an indirect parameter.
    """
    default = "socket" if database_url.startswith("sqlite") else "http"
    return str(getattr(request, "param", None) or default)


@pytest.fixture
def journey(database_url: str, transport: str, tmp_path: Path) -> Iterator[Journey]:
    """Return a workspace on a Monday morning in London, with the bot not yet running."""
    clock = AdjustableClock(MONDAY_MORNING)
    with Sandbox(manifest=build_manifest(None), clock=clock, limits=NO_LIMITS) as sandbox:
        created = Journey(sandbox, database_url, tmp_path, transport, clock)
        yield created
        created.stop_bot()
        created.database.close()
