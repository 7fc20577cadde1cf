"""Fixtures of the API tests: a running server, keys, and campaigns in its database."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bot.api.app import PREFIX, build_app
from bot.api.call import ApiContext
from bot.api.rate_limit import RateLimit
from bot.api.server import build_server
from bot.clock import AdjustableClock
from bot.services.api_keys import keys
from bot.settings import StorageSettings
from storage.database import Database
from storage.tables import KeyScope
from tests.conftest import empty_tables
from tests.services.conftest import NOW, Scenario

NO_LIMIT = 1_000_000
"""Requests a minute, where a test is not about the limit."""


@dataclass
class RunningApi:
    """A server of the API, its scenario, and HTTP clients with keys."""

    url: str
    context: ApiContext
    scenario: Scenario
    clients: ExitStack = field(default_factory=ExitStack)

    def create_key(self, scope: KeyScope, *campaigns: str, name: str = "") -> str:
        """Create a key and return it."""
        return create_key(self.scenario, scope, *campaigns, name=name)

    def client(self, scope: KeyScope, *campaigns: str, name: str = "") -> httpx.Client:
        """Return a client with a new key."""
        return self.client_with(self.create_key(scope, *campaigns, name=name))

    def client_with(self, key: str) -> httpx.Client:
        """Return a client that sends a key, or none if it is empty."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        client = httpx.Client(
            base_url=f"{self.url}{PREFIX}", headers=headers, timeout=20, trust_env=False
        )
        return self.clients.enter_context(client)


def create_key(scenario: Scenario, scope: KeyScope, *campaigns: str, name: str = "") -> str:
    """Create a key and return it."""
    created = scenario.database.write_now(
        keys.create_key, name or f"{scope}-key", scope, campaigns, scenario.actor
    )
    return created.key


def build_context(database: Database, folder: Path) -> ApiContext:
    """Return the context of an API that writes exports to a folder."""
    settings = StorageSettings(LABELBOT_EXPORTS=folder)
    return ApiContext(database, AdjustableClock(NOW), settings, RateLimit(NO_LIMIT))


@pytest.fixture(scope="session")
def api_server(
    sqlite_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, ApiContext]]:
    """Run a server for many tests on the shared database; yield its URL and its context."""
    context = build_context(sqlite_database, tmp_path_factory.mktemp("exports"))
    with run_api(context) as url:
        yield url, context


@contextmanager
def run_api(context: ApiContext) -> Iterator[str]:
    """Run a server on a free port; yield its URL."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        server = build_server(build_app(context), "127.0.0.1", port, fd=listener.fileno())
        thread = threading.Thread(target=server.run)
        thread.start()
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def api(api_server: tuple[str, ApiContext], tmp_path: Path) -> Iterator[RunningApi]:
    """Return the server with an empty database, its clock and its limit as at the start."""
    url, context = api_server
    context.database.write_now(empty_tables)
    context.clock = AdjustableClock(NOW)
    context.rate_limit = RateLimit(NO_LIMIT)
    running = RunningApi(url, context, Scenario(context.database, tmp_path))
    with running.clients:
        yield running
