"""The floors of a click: a Bolt app that does nothing but acknowledge.

`python -m tests.benchmarks.empty FRONT [API_URL]`; it prints the port it listens on. The fronts:
`ours` is the bot's own server, `stock` is what comes with Bolt, `socket` is Socket Mode.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Callable
from typing import Any

from aiohttp import ClientSession, web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from uvloop import new_event_loop

from bot.slack.client import new_client
from bot.web import web_app
from tests.benchmarks.requests import SECRET

KNOWN = AuthorizeResult(
    enterprise_id=None, team_id="T0BENCH", bot_user_id="U0BOT", bot_id="B0BOT", bot_token="xoxb-1"
)


async def _authorize() -> AuthorizeResult:
    return KNOWN


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


def _bolt(http: ClientSession, api_url: str, *, verifies: bool) -> AsyncApp:
    app = AsyncApp(
        client=new_client(None, api_url, http),
        authorize=_authorize,
        signing_secret=SECRET,
        process_before_response=True,
        request_verification_enabled=verifies,
        attaching_conversation_kwargs_enabled=False,
    )
    app.action(re.compile(""))(_acknowledge)
    return app


async def _healthy() -> dict[str, Any]:
    return {"ok": True}


FRONTS: dict[str, Callable[[AsyncApp], web.Application]] = {
    "ours": lambda app: web_app(app, SECRET, _healthy),
    "stock": lambda app: app.web_app("/slack/events"),
}


async def _serve(server: web.Application) -> int:
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return int(runner.addresses[0][1])


async def _plug_in(app: AsyncApp) -> None:
    handler = AsyncSocketModeHandler(app, "xapp-1")
    handler.client.proxy = None
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt has no types here


async def _run(front: str, api_url: str) -> None:
    async with ClientSession() as http:
        app = _bolt(http, api_url, verifies=front == "stock")
        if front == "socket":
            await _plug_in(app)
        else:
            print(await _serve(FRONTS[front](app)), flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Serve until terminated."""
    api_url = sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1/"
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_run(sys.argv[1], api_url))


if __name__ == "__main__":
    main()
