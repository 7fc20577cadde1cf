"""What journeys share: a workspace where the bot is about to start, on each database."""

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
    """Return the way Slack's requests come in: Socket Mode on SQLite, signed HTTP on PostgreSQL.

    A request is the same dict by either way, long before it comes to a database. A test that wants
    a certain way names it.
    """
    default = "socket" if database_url.startswith("sqlite") else "http"
    return str(getattr(request, "param", None) or default)


@pytest.fixture
def journey(database_url: str, transport: str, tmp_path: Path) -> Iterator[Journey]:
    """Return a workspace where the bot is not running yet, on a Monday morning in London."""
    clock = AdjustableClock(MONDAY_MORNING)
    with Sandbox(manifest=build_manifest(None), clock=clock, limits=NO_LIMITS) as sandbox:
        created = Journey(sandbox, database_url, tmp_path, transport, clock)
        yield created
        created.stop_bot()
        created.database.close()
