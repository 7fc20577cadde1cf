"""The outbox while Slack takes its time: no other process delivers the same message."""

from __future__ import annotations

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.messages.tasks import TaskPageMessage
from bot.slack.outbox.delivery import CLAIM_LEASE
from tests.slack.slack_fixture import SlackFixture


async def test_lease_is_renewed_until_slack_has_responded(slack: SlackFixture) -> None:
    may_respond = asyncio.Event()

    async def respond(_request: web.Request) -> web.Response:
        await may_respond.wait()
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_post("/", respond)
    ada = slack.add_expert()
    slack.create_campaign(ada)
    async with TestServer(app) as server, slack.run_deliverer() as deliverer:
        message = TaskPageMessage(None, ada.dm, "1.2")
        await slack.enqueue(message, ada.id, str(server.make_url("/")))
        deliverer.wake()
        await slack.wait_until(lambda rows: rows[0].attempts == 1)
        for _ in range(3):
            slack.clock.advance(CLAIM_LEASE * 0.9)
            deliverer.wake()
            await slack.wait_until(lambda rows: rows[0].due_at > slack.now + CLAIM_LEASE / 2)
        may_respond.set()
        (row,) = await slack.wait_until(lambda rows: rows[0].state == "sent")
    assert row.attempts == 1
