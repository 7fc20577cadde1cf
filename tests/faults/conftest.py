"""Fixtures of the fault-injection suite, the choice of the sample, and the table of results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox import NO_LIMITS, Sandbox
from bot.slack.app_manifest import build_manifest
from tests.faults.fault_case import FaultCase, SettableClock
from tests.faults.promises import count_repeats
from tests.faults.summary import summarize
from tests.journeys.journey import MONDAY_MORNING

FOLDER = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that runs every case."""
    parser.addoption(
        "--all-faults", action="store_true", help="run every fault, not only the sample"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep only the sample of this suite, unless all faults are wanted."""
    if config.getoption("--all-faults", default=False):
        return
    omitted = [
        item
        for item in items
        if item.path.is_relative_to(FOLDER) and item.get_closest_marker("sample") is None
    ]
    config.hook.pytest_deselected(items=omitted)
    items[:] = [item for item in items if item not in set(omitted)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print cases, failures, repeated messages and seconds of each test of the suite."""
    lines = summarize(terminalreporter.stats)
    if lines and terminalreporter.config.getoption("--all-faults", default=False):
        terminalreporter.section("faults")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture
def transport(request: pytest.FixtureRequest, database_url: str) -> str:
    """Return how the bot receives requests: Socket Mode on SQLite, signed HTTP on PostgreSQL.

    A test can request one of them with an indirect parameter.
    """
    default = "socket" if database_url.startswith("sqlite") else "http"
    return str(getattr(request, "param", None) or default)


@pytest.fixture
def case(
    request: pytest.FixtureRequest, database_url: str, transport: str, tmp_path: Path
) -> Iterator[FaultCase]:
    """Return a workspace on a Monday morning in London, with the bot not yet running."""
    clock = SettableClock(MONDAY_MORNING)
    with Sandbox(manifest=build_manifest(None), clock=clock, limits=NO_LIMITS) as sandbox:
        created = FaultCase(sandbox, database_url, tmp_path, transport, clock)
        yield created
        request.node.user_properties.append(("repeats", count_repeats(created)))
        created.stop_bot()
        created.database.close()
