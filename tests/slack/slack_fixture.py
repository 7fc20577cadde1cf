"""A line to Slack without the rest of the bot: a pretend workspace, a database and a sender."""

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
from bot.sandbox import NO_LIMITS, Sandbox, SimulatedUser
from bot.services.actors.interaction import Interaction
from bot.slack.app_manifest import build_manifest
from bot.slack.client.rate_limiter import RateLimiter
from bot.slack.client.sender import Sender
from bot.slack.client.web_client import create_client
from bot.slack.outbox.delivery import Deliverer
from storage.database import Database
from storage.queries import outbox as outbox_queries
from storage.tables import Assignment, Expert, OutboxMessage
from tests.services.conftest import NOW, Scenario, pair

TIMEOUT_SECONDS = 20.0
"""Seconds within which everything happens that is going to."""


class NoRateLimiter(RateLimiter):
    """Lets everything go out at once: the pace has tests of its own."""

    def take(self, method: str, channel: str, now: datetime) -> datetime:
        """Return `now`."""
        del method, channel
        return now


@dataclass
class SlackFixture:
    """What a test of sending needs within reach."""

    sandbox: Sandbox
    clock: AdjustableClock
    database: Database
    sender: Sender
    scenario: Scenario
    response_url_server: ResponseUrlServer

    @property
    def now(self) -> datetime:
        """Return the pretend moment."""
        return self.clock.now()

    def add_expert(self, name: str = "ada") -> SimulatedUser:
        """Let somebody join the workspace and every campaign there will be."""
        return self.sandbox.add_user(name, real_name=name.title(), tz="Europe/London")

    def create_campaign(self, *experts: SimulatedUser, items: int = 3, **wanted: Any) -> None:  # noqa: ANN401 - whatever a campaign may choose
        """Create a comparison that these experts take part in."""
        people = [expert.id for expert in experts]
        self.scenario.now = self.now
        self.scenario.create_campaign(experts=people, **{"overlap": 1, **wanted})
        if items:
            self.scenario.import_rows("tone", [pair(number) for number in range(1, items + 1)])

    def interaction(
        self, person: SimulatedUser, interaction_id: str = "1", **more: Any
    ) -> Interaction:
        """Return a click of hers, now."""
        return Interaction(person.id, interaction_id, self.now, **more)

    async def enqueue(
        self, message_type: str, recipient: str, response_url: str | None = None, **payload: object
    ) -> None:
        """Queue something to be said."""
        await self.sender.db.write(
            outbox_queries.enqueue,
            message_type,
            recipient=recipient,
            payload=payload,
            now=self.now,
            response_url=response_url,
        )

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
        """Return what is known of an expert."""

        def find(session: Session) -> Expert:
            return session.exec(select(Expert).where(Expert.slack_id == person.id)).one()

        return await self.database.read(find)

    @asynccontextmanager
    async def run_deliverer(self) -> AsyncIterator[Deliverer]:
        """Deliver the outbox meanwhile."""
        deliverer = Deliverer(self.sender)
        running = asyncio.create_task(deliverer.run())
        yield deliverer
        deliverer.stop()
        await running

    async def deliver_all(self) -> None:
        """Deliver until nothing waits."""
        async with self.run_deliverer():
            await self.wait_until(lambda rows: all(row.state != "waiting" for row in rows))

    async def wait_until(
        self, condition: Callable[[list[OutboxMessage]], bool]
    ) -> list[OutboxMessage]:
        """Wait until the outbox is as wanted."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while not condition(rows := await self.outbox()):  # noqa: ASYNC110 - a table has no event
                await asyncio.sleep(0.005)
        return rows

    def advance_clock(self, **time: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(**time))


@dataclass
class ResponseUrlServer:
    """A real server for response_urls: it remembers what was posted, and answers as told."""

    url: str
    posted: list[Mapping[str, Any]] = field(default_factory=list)
    status: int = 200


@asynccontextmanager
async def serve_response_url() -> AsyncIterator[ResponseUrlServer]:
    """Serve a hook."""

    async def receive(request: web.Request) -> web.Response:
        response_url_server.posted.append(await request.json())
        return web.Response(status=response_url_server.status, text="ok")

    app = web.Application()
    app.router.add_post("/actions", receive)
    async with TestServer(app) as server:
        response_url_server = ResponseUrlServer(f"http://127.0.0.1:{server.port}/actions")
        yield response_url_server


@asynccontextmanager
async def open_slack(database: Database, folder: Path) -> AsyncIterator[SlackFixture]:
    """Open a line to a new workspace, at nine on a Monday morning; the database stays open."""
    clock = AdjustableClock(NOW)
    with Sandbox(manifest=build_manifest(None), clock=clock, limits=NO_LIMITS) as sandbox:
        async with aiohttp.ClientSession() as http, serve_response_url() as response_url_server:
            client = create_client(sandbox.bot_token, sandbox.api_url, http)
            sender = Sender(database, client, http, clock, sandbox.bot_token, NoRateLimiter())
            scenario = Scenario(database, folder, NOW)
            yield SlackFixture(sandbox, clock, database, sender, scenario, response_url_server)
