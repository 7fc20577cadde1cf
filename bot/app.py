"""The bot, put together and run: one loop, one database door, one way in, one outbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
from aiohttp import web
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext

import handlers
from bot import schedule
from bot.clock import Clock, WallClock
from bot.desk import Desk
from bot.settings import Settings
from bot.slack.client import is_local, new_client
from bot.slack.outbox import Deliverer
from bot.slack.sending import Sender
from bot.web import web_app
from storage.database import Database
from storage.queries import telling
from storage.upgrading import upgrade

log = logging.getLogger(__name__)

# Bolt would warn that it does not use the token it finds in the environment: `authorize` knows it.
bolts_log = logging.getLogger("slack_bolt.app")
bolts_log.setLevel(logging.ERROR)


@dataclass(slots=True)
class Bot:
    """The running bot. `port` is where its web server listens."""

    settings: Settings
    clock: Clock = field(default_factory=WallClock)
    desk: Desk | None = None
    port: int = 0
    _closing: list[Callable[[], Any]] = field(default_factory=list)

    async def start(self) -> None:
        """Upgrade the database, log in to Slack and begin to listen, speak and tick.

        Raises:
            SlackApiError: Slack does not take the token.
            OSError: the port is taken.
        """
        settings = self.settings
        db = Database(settings.database_url)
        upgrade(db.engine)
        self._closing.append(db.close)
        http = aiohttp.ClientSession(json_serialize=_dumps)
        self._closing.append(http.close)
        token = settings.bot_token.get_secret_value()
        client = new_client(token, settings.api_url, http)
        sender = Sender(db.for_patient(), client, http, self.clock, token)
        deliverer = Deliverer(sender)
        self.desk = Desk(settings, db, self.clock, sender, deliverer.wake)
        app = AsyncApp(
            name="labelbot",  # else Bolt reads the sources of all its callers for one
            client=client,
            logger=bolts_log,
            authorize=_authorizer(self.desk, await _who_am_i(sender, token)),
            process_before_response=True,
            request_verification_enabled=False,  # these three are done by `bot.web`, or for others
            ssl_check_enabled=False,
            url_verification_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        handlers.register(app)
        self._speak(deliverer)
        self._tick()
        await self._listen(app)

    async def stop(self) -> None:
        """Stop listening, finish what is going on, and close everything."""
        for close in reversed(self._closing):
            done = close()
            if asyncio.iscoroutine(done):
                await done
        self._closing.clear()

    async def _listen(self, app: AsyncApp) -> None:
        settings = self.settings
        secret = settings.signing_secret
        is_signed_http = secret is not None and not settings.is_socket_mode
        server = web_app(
            app, secret.get_secret_value() if secret and is_signed_http else None, self._health
        )
        runner = web.AppRunner(server, access_log=None)
        await runner.setup()
        self._closing.append(runner.cleanup)
        await web.TCPSite(runner, settings.host, settings.port).start()
        self.port = runner.addresses[0][1]
        if settings.app_token:
            handler = AsyncSocketModeHandler(app, settings.app_token.get_secret_value())
            if is_local(settings.api_url):
                handler.client.proxy = None
            await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt has no types here
            self._closing.append(handler.close_async)

    def _speak(self, deliverer: Deliverer) -> None:
        speaking = asyncio.create_task(deliverer.run())

        async def fall_silent() -> None:
            deliverer.stop()
            await speaking
            await self._at_desk().finish()

        self._closing.append(fall_silent)

    def _tick(self) -> None:
        desk = self._at_desk()
        loop = asyncio.get_running_loop()
        scheduler: AsyncIOScheduler = schedule.scheduler_for(desk, self.settings.tick_seconds)
        scheduler.start()
        self._closing.append(lambda: scheduler.shutdown(wait=False))
        desk.soon(schedule.tick(desk))

        def turned() -> None:
            desk.wake()
            desk.soon(schedule.tick(desk))

        def turned_somewhere() -> None:
            if not loop.is_closed():  # the clock outlives a bot that was stopped
                loop.call_soon_threadsafe(turned)

        self.clock.on_turn(turned_somewhere)

    def _at_desk(self) -> Desk:
        if self.desk is None:
            message = "the bot has not started"
            raise RuntimeError(message)
        return self.desk

    async def _health(self) -> dict[str, Any]:
        """Say whether the database answers, and how much waits to be said."""
        try:
            waiting = await self._at_desk().db.read(telling.waiting)
        except Exception:
            log.exception("the database does not answer")
            return {"ok": False, "database": "does not answer"}
        return {"ok": True, "database": "answers", "waiting": waiting}


def _dumps(value: object) -> str:
    return orjson.dumps(value).decode()


async def _who_am_i(sender: Sender, token: str) -> AuthorizeResult:
    answer = await sender.client.auth_test()
    return AuthorizeResult(
        enterprise_id=answer.get("enterprise_id"),
        team_id=answer.get("team_id"),
        bot_user_id=answer.get("user_id"),
        bot_id=answer.get("bot_id"),
        bot_token=token,
    )


def _authorizer(desk: Desk, known: AuthorizeResult) -> Callable[..., Any]:
    """Answer from memory: asking Slack on every click would cost more than the click.

    This runs for every request, so it is also where the desk is put within the handlers' reach.
    """

    async def authorize(context: AsyncBoltContext) -> AuthorizeResult:
        context["desk"] = desk
        return known

    return authorize
