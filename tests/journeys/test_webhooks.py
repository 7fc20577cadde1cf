"""Events of a running bot reach other programs, and a stalled one delays neither them nor Slack."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Queue
from threading import Event
from typing import Any

import pytest
from aiohttp import web

from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.services.webhooks import webhooks
from bot.services.webhooks.webhooks import NewWebhook
from tests.destinations.threaded_server import serve
from tests.journeys.journey import Journey


@dataclass
class EventQueue:
    """A program that queues the events it receives, and answers at /stalled only at the end."""

    url: str = ""
    events: Queue[dict[str, Any]] = field(default_factory=Queue)
    may_end: Event = field(default_factory=Event)

    def application(self) -> web.Application:
        """Return its web application."""
        application = web.Application()
        application.router.add_post("/events", self._receive)
        application.router.add_post("/stalled", self._stall)
        return application

    async def _receive(self, request: web.Request) -> web.Response:
        self.events.put(await request.json())
        return web.Response(status=204)

    async def _stall(self, _request: web.Request) -> web.Response:
        await asyncio.to_thread(self.may_end.wait, 60)
        return web.Response()


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[EventQueue]:
    """Yield a running program at a private address, which the settings allow."""
    monkeypatch.setenv("LABELBOT_WEBHOOK_ALLOW_PRIVATE", "true")
    queue = EventQueue()
    with serve(queue.application()) as queue.url:
        yield queue
        queue.may_end.set()


def test_events_of_a_campaign_arrive_beside_a_stalled_receiver(
    journey: Journey, program: EventQueue
) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    actor = Actor("tests", COMMAND_LINE, journey.clock.now())
    for name in ("stalled", "events"):
        new = NewWebhook(name, f"{program.url}/{name}", campaigns=("comparison",))
        journey.database.write_now(webhooks.add_webhook, new, actor, allows_private=True)
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    for _ in range(3):
        journey.click_and_wait(ada, "Tie")
    ada.wait_for_text("No more tasks for now")
    received = [program.events.get(timeout=30) for _ in range(7)]
    types = [event["type"] for event in received]
    assert types.count("answer.stored") == types.count("item.completed") == 3
    assert types.count("campaign.done") == 1
    answers = [one["data"]["answer"] for one in received if one["type"] == "answer.stored"]
    assert {answer["item"] for answer in answers} == {"pair-1", "pair-2", "pair-3"}
    assert ada.id not in str(received)
