"""The floors of a click: a Bolt app that does nothing but acknowledge.

`python -m tests.benchmarks.empty FRONT API_URL`; it prints the port it listens on. The fronts:
`ours` is the bot's own server, `theirs` comes with Bolt, `socket` is Socket Mode, and `turning`
answers each click with its own message.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import ClientSession, web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from uvloop import new_event_loop

from bot.slack.client import new_client
from bot.web import web_app
from tests.benchmarks.requests import SECRET

TOKEN = "xoxb-1"  # noqa: S105 - nobody looks at it

KNOWN = AuthorizeResult(
    enterprise_id=None, team_id="T0BENCH", bot_user_id="U0BOT", bot_id="B0BOT", bot_token=TOKEN
)

Handler = Callable[..., Awaitable[None]]


async def _authorize() -> AuthorizeResult:
    return KNOWN


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


def _turning(http: ClientSession) -> Handler:
    going_on: set[asyncio.Task[None]] = set()

    async def answer(body: dict[str, Any]) -> None:
        message = {"replace_original": True, "text": "", "blocks": body["message"]["blocks"]}
        async with http.post(body["response_url"], json=message) as answered:
            answered.raise_for_status()

    async def turn(ack: AsyncAck, body: dict[str, Any]) -> None:
        task = asyncio.create_task(answer(body))
        going_on.add(task)
        task.add_done_callback(going_on.discard)
        await ack()

    return turn


def _bolt(http: ClientSession, api_url: str, handler: Handler, *, verifies: bool) -> AsyncApp:
    app = AsyncApp(
        client=new_client(TOKEN, api_url, http),
        authorize=_authorize,
        signing_secret=SECRET,
        process_before_response=True,
        request_verification_enabled=verifies,
        attaching_conversation_kwargs_enabled=False,
    )
    app.action(re.compile(""))(handler)
    return app


async def _healthy() -> dict[str, Any]:
    return {"ok": True}


async def _serve(server: web.Application) -> int:
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return int(runner.addresses[0][1])


async def _ours(http: ClientSession, api_url: str) -> int:
    return await _serve(
        web_app(_bolt(http, api_url, _acknowledge, verifies=False), SECRET, _healthy)
    )


async def _theirs(http: ClientSession, api_url: str) -> int:
    return await _serve(_bolt(http, api_url, _acknowledge, verifies=True).web_app("/slack/events"))


async def _turns(http: ClientSession, api_url: str) -> int:
    app = _bolt(http, api_url, _turning(http), verifies=False)
    return await _serve(web_app(app, SECRET, _healthy))


async def _socket(http: ClientSession, api_url: str) -> int:
    app = _bolt(http, api_url, _acknowledge, verifies=False)
    handler = AsyncSocketModeHandler(app, "xapp-1")
    handler.client.proxy = None
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt has no types here
    return 0


FRONTS: dict[str, Callable[[ClientSession, str], Awaitable[int]]] = {
    "ours": _ours,
    "theirs": _theirs,
    "turning": _turns,
    "socket": _socket,
}


async def _run(front: str, api_url: str) -> None:
    async with ClientSession(json_serialize=_dumps) as http:
        port = await FRONTS[front](http, api_url)
        print(port, flush=True)  # noqa: T201 - this is how the benchmark hears of it
        await asyncio.Event().wait()


def _dumps(value: object) -> str:
    return orjson.dumps(value).decode()


def main() -> None:
    """Serve until terminated."""
    front, api_url = sys.argv[1:]
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_run(front, api_url))


if __name__ == "__main__":
    main()
