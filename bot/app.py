"""The bot: starts and stops the database, Bolt, outbox delivery, scheduler and web server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.app_context import AppContext
from bot.clock import Clock, WallClock
from bot.database_lock import lock_database
from bot.health import HealthCheck
from bot.http_connections import WebServer
from bot.http_server import build_handler
from bot.leadership import Leadership
from bot.metrics_server import build_metrics_handler
from bot.process_lock import ProcessLock
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.slack.client.call_budget import budget_for
from bot.slack.client.sender import Sender
from bot.slack.client.token_rotation import TokenRotation
from bot.slack.client.web_client import create_client
from bot.slack.outbox.delivery import Deliverer
from bot.slack.outbox.messages.formulas import can_draw_formulas
from bot.slack_connection import SlackConnection
from bot.url_download import remove_partial_files
from bot.webhook_delivery import SendingRules, WebhookDeliverer
from storage.database import Database
from storage.queries.health import probe_write
from storage.schema_upgrade import upgrade

log = logging.getLogger(__name__)

# Bolt would warn that it ignores the token in the environment; `authorize` returns the token.
bolt_log = logging.getLogger("slack_bolt.app")
bolt_log.setLevel(logging.ERROR)


FIRST_ATTEMPT_SECONDS = 5.0
"""How long the start waits for Slack. After that, the bot runs without it and keeps trying."""

BACKGROUND_SECONDS = 2.0
"""Seconds for background tasks at shutdown."""


@dataclass(slots=True)
class Bot:
    """The running bot. `port` and `metrics_port` are those of its servers, once it has started."""

    settings: Settings
    clock: Clock = field(default_factory=WallClock)
    app: AppContext | None = None
    port: int = 0
    metrics_port: int = 0
    connection: SlackConnection | None = None
    _services: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    _resources: list[Callable[[], Any]] = field(default_factory=list)

    async def start(self) -> None:
        """Upgrade the database, start all services, and try to connect to Slack.

        The bot runs without Slack, too. Then `slack_problems` says why.

        Raises:
            SecondBotError: another bot uses the database.
            DBAPIError: nothing can be stored.
            OSError: the port is taken.
        """
        settings = self.settings
        file_lock = lock_database(settings.database_url)
        if file_lock is not None:
            self._resources.append(file_lock.close)
        db = Database(settings.database_url, is_bot=True)
        self._resources.append(db.close)
        upgrade(db.engine)
        db.write_now(probe_write)
        await asyncio.to_thread(remove_partial_files, settings.imports_dir)
        http = aiohttp.ClientSession(json_serialize=_dumps)
        self._resources.append(http.close)
        token = settings.bot_token.get_secret_value()
        client = create_client(token, settings.api_url, http)
        budget = budget_for(db, self.clock)
        sender = Sender(db.low_priority(), client, http, self.clock, budget)
        sender.draws_formulas = settings.draws_formulas and can_draw_formulas()
        lock = ProcessLock(db)
        deliverer = Deliverer(sender, lock)
        await self._start_token_rotation(sender)
        webhook_deliverer = self._build_webhook_deliverer(db, lock)

        def wake() -> None:
            deliverer.wake()
            webhook_deliverer.wake()

        self.app = AppContext(settings, db, self.clock, sender, wake)
        self.connection = SlackConnection(settings, sender)
        bolt_app = self._build_bolt_app(client)
        await self._start_server(bolt_app)
        self.connection.start(bolt_app)
        self._services.append(self.connection.stop)
        await self.connection.wait_for_first_attempt(FIRST_ATTEMPT_SECONDS)
        self._start_delivery(deliverer)
        self._start_delivery(webhook_deliverer)
        self._start_scheduler(Leadership(lock))

    def _build_webhook_deliverer(self, db: Database, lock: ProcessLock) -> WebhookDeliverer:
        rules = SendingRules(self.settings.webhook_allow_private, self.settings.coordinators)
        return WebhookDeliverer(db.low_priority(), self.clock, lock, rules)

    async def _start_token_rotation(self, sender: Sender) -> None:
        if self.settings.refresh_token is None:
            return
        rotation = TokenRotation(self.settings, sender)
        await rotation.keep_valid()
        task = asyncio.create_task(rotation.run())

        async def stop_rotation() -> None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        self._services.append(stop_rotation)

    def slack_problems(self) -> tuple[str, ...]:
        """Return sentences about what does not work with Slack."""
        return self.connection.state(self.clock.now()).problems if self.connection else ()

    async def stop(self) -> None:
        """Stop all services within seconds, whatever clients and Slack do, and close the rest.

        What is not done then is repeated after the next start.
        """
        services = [stop() for stop in reversed(self._services)]
        self._services.clear()
        for error in await asyncio.gather(*services, return_exceptions=True):
            if isinstance(error, Exception):
                log.error("a service did not stop properly", exc_info=error)
        if self.app:
            await self.app.wait_for_background_tasks(BACKGROUND_SECONDS)
        for close in reversed(self._resources):
            result = close()
            if asyncio.iscoroutine(result):
                await result
        self._resources.clear()

    def _build_bolt_app(self, client: AsyncWebClient) -> AsyncApp:
        app, connection = self._require_app(), self._require_connection()

        async def authorize(context: AsyncBoltContext) -> AuthorizeResult:
            # Bolt calls this for every request, so it also adds the app context, for the handlers.
            context["app"] = app
            return connection.authorize(context)

        bolt_app = AsyncApp(
            name="labelbot",  # else Bolt searches its callers' source files for a name
            client=client,
            logger=bolt_log,
            authorize=authorize,
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            request_verification_enabled=False,  # `bot.http_server` does this and the next two
            ssl_check_enabled=False,
            url_verification_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        handlers.register(bolt_app)
        return bolt_app

    async def _start_server(self, bolt_app: AsyncApp) -> None:
        settings, secret = self.settings, self.settings.signing_secret
        is_signed_http = secret is not None and not settings.is_socket_mode
        check_health = HealthCheck(
            self._require_app().db, self.clock, self._require_connection().state
        )
        server = WebServer(
            build_handler(
                bolt_app,
                secret.get_secret_value() if secret and is_signed_http else None,
                check_health,
            )
        )
        self.port = await server.start(settings.host, settings.port)
        self._services.append(server.stop)
        if settings.metrics_port is not None:
            await self._start_metrics_server(settings.metrics_host, settings.metrics_port)

    async def _start_metrics_server(self, host: str, port: int) -> None:
        server = WebServer(build_metrics_handler(self._require_app().db, self.clock))
        self.metrics_port = await server.start(host, port)
        self._services.append(server.stop)

    def _start_delivery(self, deliverer: Deliverer | WebhookDeliverer) -> None:
        delivery_task = asyncio.create_task(deliverer.run())

        async def stop_delivery() -> None:
            deliverer.stop()
            await delivery_task

        self._services.append(stop_delivery)

    def _start_scheduler(self, leadership: Leadership) -> None:
        app = self._require_app()
        loop = asyncio.get_running_loop()
        scheduler = Scheduler(app, self.settings.tick_seconds, leadership)
        scheduler.start()
        self._services.append(scheduler.stop)
        app.run_in_background(scheduler.tick())

        def run_due_jobs() -> None:
            app.wake_outbox()
            app.run_in_background(scheduler.tick())

        def run_due_jobs_threadsafe() -> None:
            if not loop.is_closed():  # the clock outlives a bot that was stopped
                loop.call_soon_threadsafe(run_due_jobs)

        self.clock.on_advance(run_due_jobs_threadsafe)

    def _require_app(self) -> AppContext:
        if self.app is None:
            message = "the bot has not started"
            raise RuntimeError(message)
        return self.app

    def _require_connection(self) -> SlackConnection:
        if self.connection is None:
            message = "the bot has not started"
            raise RuntimeError(message)
        return self.connection


def _dumps(value: object) -> str:
    return orjson.dumps(value).decode()
