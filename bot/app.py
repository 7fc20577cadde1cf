"""The bot: starts and stops the database, Bolt, outbox delivery, scheduler and web server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import aiohttp
import orjson
from aiohttp import web
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext

import handlers
from bot import scheduled_jobs
from bot.app_context import AppContext
from bot.clock import Clock, WallClock
from bot.health import check_health
from bot.http_server import build_web_app
from bot.settings import Settings
from bot.slack.client.sender import Sender
from bot.slack.client.web_client import create_client, is_local_url
from bot.slack.outbox.delivery import Deliverer
from bot.socket_mode import SocketModeReceiver
from storage.database import Database
from storage.schema_upgrade import upgrade

log = logging.getLogger(__name__)

# Bolt would warn that it ignores the token in the environment; `authorize` returns the token.
bolt_log = logging.getLogger("slack_bolt.app")
bolt_log.setLevel(logging.ERROR)


@dataclass(slots=True)
class Bot:
    """The running bot. `port` is the port of its web server, once it has started."""

    settings: Settings
    clock: Clock = field(default_factory=WallClock)
    app: AppContext | None = None
    port: int = 0
    _shutdown_callbacks: list[Callable[[], Any]] = field(default_factory=list)

    async def start(self) -> None:
        """Upgrade the database, log in to Slack, and start all services.

        Raises:
            SlackApiError: Slack rejects the token.
            OSError: the port is taken.
        """
        settings = self.settings
        db = Database(settings.database_url)
        upgrade(db.engine)
        self._shutdown_callbacks.append(db.close)
        http = aiohttp.ClientSession(json_serialize=_dumps)
        self._shutdown_callbacks.append(http.close)
        token = settings.bot_token.get_secret_value()
        client = create_client(token, settings.api_url, http)
        sender = Sender(db.low_priority(), client, http, self.clock, token)
        deliverer = Deliverer(sender)
        self.app = AppContext(settings, db, self.clock, sender, deliverer.wake)
        bolt_app = AsyncApp(
            name="labelbot",  # else Bolt searches its callers' source files for a name
            client=client,
            logger=bolt_log,
            authorize=_build_authorizer(self.app, await _fetch_identity(sender, token)),
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            request_verification_enabled=False,  # `bot.http_server` does this and the next two
            ssl_check_enabled=False,
            url_verification_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        handlers.register(bolt_app)
        self._start_delivery(deliverer)
        self._start_scheduler()
        await self._start_server(bolt_app)

    async def stop(self) -> None:
        """Stop all services in reverse order; finish deliveries and background tasks."""
        for close in reversed(self._shutdown_callbacks):
            result = close()
            if asyncio.iscoroutine(result):
                await result
        self._shutdown_callbacks.clear()

    async def _start_server(self, bolt_app: AsyncApp) -> None:
        settings = self.settings
        secret = settings.signing_secret
        is_signed_http = secret is not None and not settings.is_socket_mode
        server = build_web_app(
            bolt_app,
            secret.get_secret_value() if secret and is_signed_http else None,
            partial(check_health, self._require_app().db),
        )
        runner = web.AppRunner(server, access_log=None)
        await runner.setup()
        self._shutdown_callbacks.append(runner.cleanup)
        await web.TCPSite(runner, settings.host, settings.port).start()
        self.port = runner.addresses[0][1]
        if settings.app_token:
            handler = SocketModeReceiver(bolt_app, settings.app_token.get_secret_value())
            if is_local_url(settings.api_url):
                handler.client.proxy = None
            await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt has no types here
            self._shutdown_callbacks.append(handler.close_async)

    def _start_delivery(self, deliverer: Deliverer) -> None:
        delivery_task = asyncio.create_task(deliverer.run())

        async def stop_delivery() -> None:
            deliverer.stop()
            await delivery_task
            await self._require_app().wait_for_background_tasks()

        self._shutdown_callbacks.append(stop_delivery)

    def _start_scheduler(self) -> None:
        app = self._require_app()
        loop = asyncio.get_running_loop()
        scheduler: AsyncIOScheduler = scheduled_jobs.build_scheduler(
            app, self.settings.tick_seconds
        )
        scheduler.start()
        self._shutdown_callbacks.append(lambda: scheduler.shutdown(wait=False))
        app.run_in_background(scheduled_jobs.tick(app))

        def run_due_jobs() -> None:
            app.wake_outbox()
            app.run_in_background(scheduled_jobs.tick(app))

        def run_due_jobs_threadsafe() -> None:
            if not loop.is_closed():  # the clock outlives a bot that was stopped
                loop.call_soon_threadsafe(run_due_jobs)

        self.clock.on_advance(run_due_jobs_threadsafe)

    def _require_app(self) -> AppContext:
        if self.app is None:
            message = "the bot has not started"
            raise RuntimeError(message)
        return self.app


def _dumps(value: object) -> str:
    return orjson.dumps(value).decode()


async def _fetch_identity(sender: Sender, token: str) -> AuthorizeResult:
    response = await sender.client.auth_test()
    return AuthorizeResult(
        enterprise_id=response.get("enterprise_id"),
        team_id=response.get("team_id"),
        bot_user_id=response.get("user_id"),
        bot_id=response.get("bot_id"),
        bot_token=token,
    )


def _build_authorizer(app: AppContext, identity: AuthorizeResult) -> Callable[..., Any]:
    """Return Bolt's `authorize`, which answers from memory.

    To ask Slack on every click would take longer than the click itself. Bolt calls it for every
    request, so it also puts the app context into Bolt's context, for the handlers.
    """

    async def authorize(context: AsyncBoltContext) -> AuthorizeResult:
        context["app"] = app
        return identity

    return authorize
