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

from bot.clock import TurnableClock
from bot.sandbox import NO_LIMITS, Person, Sandbox
from bot.services.acting import Click
from bot.slack.client import new_client
from bot.slack.manifest import manifest
from bot.slack.outbox import Deliverer
from bot.slack.pace import Pace
from bot.slack.sending import Sender
from storage.database import Database
from storage.queries import telling
from storage.tables import Assignment, Expert, Outbox
from tests.services.conftest import NOW, Workshop, pair

PATIENCE = 20.0
"""Seconds within which everything happens that is going to."""


class Unhurried(Pace):
    """Lets everything go out at once: the pace has tests of its own."""

    def take(self, method: str, channel: str, now: datetime) -> datetime:
        """Return `now`."""
        del method, channel
        return now


@dataclass
class Line:
    """What a test of sending needs within reach."""

    sandbox: Sandbox
    clock: TurnableClock
    database: Database
    sender: Sender
    workshop: Workshop
    hook: Hook

    @property
    def now(self) -> datetime:
        """Return the pretend moment."""
        return self.clock.now()

    def expert(self, name: str = "ada") -> Person:
        """Let somebody join the workspace and every campaign there will be."""
        return self.sandbox.person(name, real_name=name.title(), tz="Europe/London")

    def campaign(self, *experts: Person, items: int = 3, **wanted: Any) -> None:  # noqa: ANN401 - whatever a campaign may choose
        """Create a comparison that these experts take part in."""
        people = [expert.id for expert in experts]
        self.workshop.now = self.now
        self.workshop.creates(experts=people, **{"overlap": 1, **wanted})
        if items:
            self.workshop.imports("tone", [pair(number) for number in range(1, items + 1)])

    def click(self, person: Person, nonce: str = "1", **more: Any) -> Click:  # noqa: ANN401 - fields of a Click
        """Return a click of hers, now."""
        return Click(person.id, nonce, self.now, **more)

    async def put(
        self, word: str, lane: str, response_url: str | None = None, **facts: object
    ) -> None:
        """Queue something to be said."""
        await self.sender.db.write(
            telling.put, word, lane=lane, facts=facts, now=self.now, response_url=response_url
        )

    async def outbox(self) -> list[Outbox]:
        """Return the whole outbox, in order."""
        return await self.database.read(
            lambda session: list(session.exec(select(Outbox).order_by(col(Outbox.id))))
        )

    async def assignments(self) -> list[Assignment]:
        """Return all assignments, in order."""
        return await self.database.read(
            lambda session: list(session.exec(select(Assignment).order_by(col(Assignment.id))))
        )

    async def expert_row(self, person: Person) -> Expert:
        """Return what is known of an expert."""

        def find(session: Session) -> Expert:
            return session.exec(select(Expert).where(Expert.slack_id == person.id)).one()

        return await self.database.read(find)

    @asynccontextmanager
    async def delivering(self) -> AsyncIterator[Deliverer]:
        """Deliver the outbox meanwhile."""
        deliverer = Deliverer(self.sender)
        running = asyncio.create_task(deliverer.run())
        yield deliverer
        deliverer.stop()
        await running

    async def delivers(self) -> None:
        """Deliver until nothing waits."""
        async with self.delivering():
            await self.until(lambda rows: all(row.state != "waiting" for row in rows))

    async def until(self, condition: Callable[[list[Outbox]], bool]) -> list[Outbox]:
        """Wait until the outbox is as wanted."""
        async with asyncio.timeout(PATIENCE):
            while not condition(rows := await self.outbox()):  # noqa: ASYNC110 - a table has no event
                await asyncio.sleep(0.005)
        return rows

    def passes(self, **time: float) -> None:
        """Let time pass."""
        self.clock.turn(timedelta(**time))


@dataclass
class Hook:
    """A real server for response_urls: it remembers what was posted, and answers as told."""

    url: str
    posted: list[Mapping[str, Any]] = field(default_factory=list)
    status: int = 200


@asynccontextmanager
async def open_hook() -> AsyncIterator[Hook]:
    """Serve a hook."""

    async def take(request: web.Request) -> web.Response:
        hook.posted.append(await request.json())
        return web.Response(status=hook.status, text="ok")

    app = web.Application()
    app.router.add_post("/actions", take)
    async with TestServer(app) as server:
        hook = Hook(f"http://127.0.0.1:{server.port}/actions")
        yield hook


@asynccontextmanager
async def open_line(database: Database, folder: Path) -> AsyncIterator[Line]:
    """Open a line to a new workspace, at nine on a Monday morning; the database stays open."""
    clock = TurnableClock(NOW)
    with Sandbox(manifest=manifest(None), clock=clock, limits=NO_LIMITS) as sandbox:
        async with aiohttp.ClientSession() as http, open_hook() as hook:
            client = new_client(sandbox.bot_token, sandbox.api_url, http)
            sender = Sender(database, client, http, clock, sandbox.bot_token, Unhurried())
            workshop = Workshop(database, folder, NOW)
            yield Line(sandbox, clock, database, sender, workshop, hook)
