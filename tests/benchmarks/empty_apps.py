"""Bolt apps that store nothing, as floors: `python -m tests.benchmarks.empty_apps APP API_URL`.

Prints the port it listens on. `own_server` acknowledges behind the bot's own server, `bolt_server`
behind Bolt's server, and `socket_mode` in Socket Mode. `replying` also sends the message of the
click back.
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

from bot.health import HealthReport
from bot.http_connections import WebServer
from bot.http_server import build_handler
from bot.slack.client.web_client import create_client
from tests.benchmarks.slack_requests import SIGNING_SECRET

BOT_TOKEN = "xoxb-1"  # noqa: S105 - the stub does not check it

AUTHORIZATION = AuthorizeResult(
    enterprise_id=None, team_id="T0BENCH", bot_user_id="U0BOT", bot_id="B0BOT", bot_token=BOT_TOKEN
)

Handler = Callable[..., Awaitable[None]]


async def _authorize() -> AuthorizeResult:
    return AUTHORIZATION


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


def _build_reply_handler(http: ClientSession) -> Handler:
    reply_tasks: set[asyncio.Task[None]] = set()

    async def reply(body: dict[str, Any]) -> None:
        message = {"replace_original": True, "text": "", "blocks": body["message"]["blocks"]}
        async with http.post(body["response_url"], json=message) as response:
            response.raise_for_status()

    async def handle_click(ack: AsyncAck, body: dict[str, Any]) -> None:
        task = asyncio.create_task(reply(body))
        reply_tasks.add(task)
        task.add_done_callback(reply_tasks.discard)
        await ack()

    return handle_click


def _build_bolt_app(
    http: ClientSession, api_url: str, handler: Handler, *, verifies_signatures: bool
) -> AsyncApp:
    app = AsyncApp(
        client=create_client(BOT_TOKEN, api_url, http),
        authorize=_authorize,
        signing_secret=SIGNING_SECRET,
        process_before_response=True,
        request_verification_enabled=verifies_signatures,
        attaching_conversation_kwargs_enabled=False,
    )
    app.action(re.compile(""))(handler)
    return app


async def _health() -> HealthReport:
    return HealthReport(ok=True, status="ok", problems=(), database="writable", slack="connected")


async def _serve(server: web.Application) -> int:
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return int(runner.addresses[0][1])


async def _serve_own_server(http: ClientSession, api_url: str) -> int:
    app = _build_bolt_app(http, api_url, _acknowledge, verifies_signatures=False)
    return await _start_own_server(app)


async def _start_own_server(app: AsyncApp) -> int:
    server = WebServer(build_handler(app, SIGNING_SECRET, _health))
    return await server.start("127.0.0.1", 0)


async def _serve_bolt_server(http: ClientSession, api_url: str) -> int:
    return await _serve(
        _build_bolt_app(http, api_url, _acknowledge, verifies_signatures=True).web_app(
            "/slack/events"
        )
    )


async def _serve_replying_app(http: ClientSession, api_url: str) -> int:
    app = _build_bolt_app(http, api_url, _build_reply_handler(http), verifies_signatures=False)
    return await _start_own_server(app)


async def _connect_socket_mode(http: ClientSession, api_url: str) -> int:
    app = _build_bolt_app(http, api_url, _acknowledge, verifies_signatures=False)
    handler = AsyncSocketModeHandler(app, "xapp-1")
    handler.client.proxy = None
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt has no types here
    return 0


APPS: dict[str, Callable[[ClientSession, str], Awaitable[int]]] = {
    "own_server": _serve_own_server,
    "bolt_server": _serve_bolt_server,
    "replying": _serve_replying_app,
    "socket_mode": _connect_socket_mode,
}


async def _run_app(app_name: str, api_url: str) -> None:
    async with ClientSession(json_serialize=_dumps) as http:
        port = await APPS[app_name](http, api_url)
        print(port, flush=True)  # noqa: T201 - the benchmark reads the port from it
        await asyncio.Event().wait()


def _dumps(value: object) -> str:
    return orjson.dumps(value).decode()


def main() -> None:
    """Serve until terminated."""
    app_name, api_url = sys.argv[1:]
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_run_app(app_name, api_url))


if __name__ == "__main__":
    main()
