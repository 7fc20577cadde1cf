"""A sandbox workspace with a database and a sender, for tests without the rest of the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlmodel import Session, col, select

from bot.clock import AdjustableClock
from bot.messages.queued_message import QueuedMessage
from bot.messages.tasks import NewTaskMessage
from bot.sandbox import NO_LIMITS, Sandbox, SimulatedUser
from bot.services.actors.interaction import Interaction
from bot.services.assignments import assign
from bot.slack.app_manifest import build_manifest
from bot.slack.client.call_budget import ProcessBudget
from bot.slack.client.rate_limiter import RateLimiter
from bot.slack.client.sender import Sender
from bot.slack.client.web_client import create_client
from bot.slack.outbox.delivery import Deliverer
from storage.database import Database
from storage.queries import outbox as outbox_queries
from storage.tables import Assignment, Expert, OutboxMessage
from tests.services.conftest import NOW, Scenario, pair

TIMEOUT_SECONDS = 20.0
"""Seconds to wait for deliveries before a test fails."""


class Unlimited(RateLimiter):
    """Lets every call through at once; `test_rate_limiter` tests the limits."""

    def reserve(self, *_arguments: object, **_options: object) -> timedelta:
        """Return no wait."""
        return timedelta()


@dataclass
class SlackFixture:
    """The workspace, database and sender of a test, with shortcuts."""

    sandbox: Sandbox
    clock: AdjustableClock
    database: Database
    sender: Sender
    scenario: Scenario
    response_url_server: ResponseUrlServer

    @property
    def now(self) -> datetime:
        """Return the current time of the adjustable clock."""
        return self.clock.now()

    def add_expert(self, name: str = "ada") -> SimulatedUser:
        """Add a person to the workspace."""
        return self.sandbox.add_user(name, real_name=name.title(), tz="Europe/London")

    def create_campaign(self, *experts: SimulatedUser, items: int = 3, **options: Any) -> None:  # noqa: ANN401 - any options of a campaign
        """Create a comparison campaign with these experts and some items."""
        people = [expert.id for expert in experts]
        self.scenario.now = self.now
        self.scenario.create_campaign(experts=people, **{"overlap": 1, **options})
        if items:
            self.scenario.import_rows("tone", [pair(number) for number in range(1, items + 1)])

    def interaction(
        self, person: SimulatedUser, interaction_id: str = "1", **message: str | None
    ) -> Interaction:
        """Return an interaction of a person at the current time, on a message if it is given."""
        return Interaction(person.id, interaction_id, self.now, **message)

    async def enqueue(
        self, message: QueuedMessage, recipient: str, response_url: str | None = None
    ) -> None:
        """Queue a message in the outbox."""
        await self.sender.db.write(
            outbox_queries.enqueue,
            message,
            recipient=recipient,
            now=self.now,
            response_url=response_url,
        )

    async def show_task(self, person: SimulatedUser) -> None:
        """Let somebody ask for their next task, and deliver it."""
        await self.sender.db.write(
            assign.request_next_task,
            NewTaskMessage(is_requested=True),
            recipient=person.id,
            now=self.now,
        )
        await self.deliver_all()

    def api_calls(self, method: str) -> list[dict[str, Any]]:
        """Return the arguments of every call of a Web API method."""
        requests = [call.request for call in self.sandbox.traffic if call.kind == method]
        return [request for request in requests if isinstance(request, dict)]

    async def outbox(self) -> list[OutboxMessage]:
        """Return the whole outbox, in order."""
        return await self.database.read(
            lambda session: list(
                session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id)))
            )
        )

    async def assignments(self) -> list[Assignment]:
        """Return all assignments, in order."""
        return await self.database.read(
            lambda session: list(session.exec(select(Assignment).order_by(col(Assignment.id))))
        )

    async def expert_row(self, person: SimulatedUser) -> Expert:
        """Return the database row of an expert."""

        def find(session: Session) -> Expert:
            return session.exec(select(Expert).where(Expert.slack_id == person.id)).one()

        return await self.database.read(find)

    @asynccontextmanager
    async def run_deliverer(self) -> AsyncIterator[Deliverer]:
        """Deliver the outbox while the context is open."""
        deliverer = Deliverer(self.sender)
        task = asyncio.create_task(deliverer.run())
        yield deliverer
        deliverer.stop()
        await task

    async def deliver_all(self) -> None:
        """Deliver until no message is waiting."""
        async with self.run_deliverer():
            await self.wait_until(lambda rows: all(row.state != "waiting" for row in rows))

    async def deliver_with_retries(self) -> None:
        """Deliver until no message is waiting; turn the clock to the next attempt of each."""
        async with self.run_deliverer() as deliverer:

            def is_done(rows: list[OutboxMessage]) -> bool:
                waiting = [row for row in rows if row.state == "waiting"]
                if waiting and all(row.leased_until is None for row in waiting):
                    self.advance_clock(seconds=1)
                    deliverer.wake()
                return not waiting

            await self.wait_until(is_done)

    async def wait_until(
        self, condition: Callable[[list[OutboxMessage]], bool]
    ) -> list[OutboxMessage]:
        """Wait until the outbox meets a condition, and return its rows."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while not condition(rows := await self.outbox()):  # noqa: ASYNC110 - a table has no event
                await asyncio.sleep(0.005)
        return rows

    def advance_clock(self, **time: float) -> None:
        """Advance the clock."""
        self.clock.advance(timedelta(**time))


@dataclass
class ResponseUrlServer:
    """A server for response_urls that records posts and answers with `status` and `body`."""

    url: str
    posted: list[Mapping[str, Any]] = field(default_factory=list)
    status: int = 200
    body: str = "ok"


@asynccontextmanager
async def serve_response_url() -> AsyncIterator[ResponseUrlServer]:
    """Run a server for response_urls."""

    async def receive(request: web.Request) -> web.Response:
        response_url_server.posted.append(await request.json())
        return web.Response(status=response_url_server.status, text=response_url_server.body)

    app = web.Application()
    app.router.add_post("/actions", receive)
    async with TestServer(app) as server:
        response_url_server = ResponseUrlServer(f"http://127.0.0.1:{server.port}/actions")
        yield response_url_server


@asynccontextmanager
async def open_slack(database: Database, folder: Path) -> AsyncIterator[SlackFixture]:
    """Start a workspace, at nine on a Monday morning. The database stays open afterwards."""
    clock = AdjustableClock(NOW)
    with Sandbox(manifest=build_manifest(None), clock=clock, limits=NO_LIMITS) as sandbox:
        async with aiohttp.ClientSession() as http, serve_response_url() as response_url_server:
            client = create_client(sandbox.bot_token, sandbox.api_url, http)
            budget = ProcessBudget(clock, Unlimited())
            sender = Sender(database, client, http, clock, budget)
            scenario = Scenario(database, folder, NOW)
            yield SlackFixture(sandbox, clock, database, sender, scenario, response_url_server)
