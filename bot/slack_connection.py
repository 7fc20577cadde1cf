"""The connection to Slack: the bot's identity and the socket, tried until Slack accepts them.

The bot runs without Slack: answers that still arrive are stored, and messages wait in the outbox.
Each outage is one line in the log, with its cause, and one when it is over.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.health import SlackState
from bot.settings import Settings
from bot.slack.client.login_errors import (
    ADVICE_BY_ERROR,
    CONNECTION_ERRORS,
    advice_for,
    describe_failure,
)
from bot.slack.client.sender import Sender
from bot.slack.client.sending_status import describe_scopes
from bot.slack.client.web_client import is_local_url
from bot.socket_mode import SocketModeReceiver
from storage.outage_log import OutageLog

log = logging.getLogger(__name__)

FIRST_RETRY_SECONDS = 0.5
MAX_RETRY_SECONDS = 10.0
"""Longest time between two attempts to log in."""

POLL_SECONDS = 1.0
"""Seconds between two checks of the socket."""

RECONNECTION_SECONDS = 15.0
"""Seconds that a routine reconnection may take: Slack replaces each socket every few hours."""

STOP_SECONDS = 1.0
"""Seconds for Slack to confirm that the socket is closed."""


@dataclass(slots=True)
class _Trouble:
    """What does not work at present, and since when."""

    subject: str
    setting: str
    now: Callable[[], datetime]
    log: OutageLog = field(default_factory=partial(OutageLog, log))
    cause: str | None = None
    since: datetime | None = None

    def begin(self, cause: str) -> None:
        """Record a failure; log the first one, and whether Slack refuses or does not answer."""
        advice = advice_for(cause, self.setting)
        message = f"{self.subject} fails: {cause}; {advice}. The bot keeps trying."
        kind = "refused" if cause in ADVICE_BY_ERROR else "not available"
        self.log.begin(self.subject, message, kind=kind)
        self.cause, self.since = cause, self.since or self.now()

    def end(self) -> None:
        """Record a success."""
        self.log.end(self.subject, f"{self.subject} works again")
        self.cause, self.since = None, None

    def describe(self) -> str:
        """Return a sentence for health."""
        since = f"{self.since:%Y-%m-%d %H:%M} UTC" if self.since else "the start"
        advice = advice_for(self.cause or "", self.setting)
        return f"{self.subject} has failed since {since}: {self.cause}; {advice}."


class SlackConnection:
    """Logs in and keeps the socket open, in the background."""

    def __init__(self, settings: Settings, sender: Sender) -> None:
        """Prepare the connection; `start` opens it."""
        self._settings = settings
        self._sender = sender
        now = sender.clock.now
        self._login = _Trouble("The login to Slack", "SLACK_BOT_TOKEN", now)
        self._socket = _Trouble("The Socket Mode connection", "SLACK_APP_TOKEN", now)
        self._identity: AuthorizeResult | None = None
        self._receiver: SocketModeReceiver | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._is_login_tried = asyncio.Event()
        self._is_socket_tried = asyncio.Event()

    def start(self, bolt_app: AsyncApp) -> None:
        """Log in, and open the socket in Socket Mode, in the background."""
        self._tasks.append(asyncio.create_task(self._log_in()))
        if self._settings.app_token:
            receiver = SocketModeReceiver(
                bolt_app,
                self._settings.app_token.get_secret_value(),
                _build_socket_logger(self._record_failed_connection),
            )
            if is_local_url(self._settings.api_url):
                receiver.client.proxy = None
            self._receiver = receiver
            self._tasks.append(asyncio.create_task(self._watch_socket(receiver.client)))
        else:
            self._is_socket_tried.set()

    async def wait_for_first_attempt(self, seconds: float) -> None:
        """Return when everything was tried once, successfully or not, or after `seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_login_tried.wait()
                await self._is_socket_tried.wait()

    async def stop(self) -> None:
        """Close the socket and stop trying."""
        for task in self._tasks:
            task.cancel()
        if self._receiver:
            await _close_socket(self._receiver.client)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def authorize(self, context: AsyncBoltContext) -> AuthorizeResult:
        """Return Bolt's authorization from memory.

        To ask Slack on every click would take longer than the click itself. Until Slack has
        accepted the token, the bot's own ids are unknown; answers are stored all the same.
        """
        if self._identity:
            self._identity.bot_token = self._sender.token  # Slack may have rotated it
        return self._identity or AuthorizeResult(
            enterprise_id=context.enterprise_id,
            team_id=context.team_id,
            bot_token=self._sender.token,
        )

    def state(self, now: datetime) -> SlackState:
        """Return what works, and sentences about what does not."""
        status = self._sender.sending_status
        troubles = [trouble for trouble in (self._login, self._socket) if trouble.cause]
        problems = [trouble.describe() for trouble in troubles]
        is_refused = any(trouble.cause in ADVICE_BY_ERROR for trouble in troubles)
        if status.stopped_by and status.stopped_by != self._login.cause:
            advice = advice_for(status.stopped_by, "SLACK_BOT_TOKEN")
            problems.append(f"Slack refuses to send messages: {status.stopped_by}; {advice}.")
            is_refused = True
        for method, scopes in sorted(status.missing_scopes.items()):
            remedy = f"{describe_scopes(scopes)} and reinstall the app"
            problems.append(f"Slack refuses {method}: {remedy}.")
        if status.unreachable_since and not troubles:
            minutes = int((now - status.unreachable_since).total_seconds() // 60)
            problems.append(f"Slack has not answered for {minutes:,} minutes.")
        return SlackState(_summarize(is_refused=is_refused, problems=problems), tuple(problems))

    async def _log_in(self) -> None:
        delay = FIRST_RETRY_SECONDS
        while self._identity is None:
            try:
                response = await self._sender.call_at_once("auth.test", {})
            except Exception as error:  # noqa: BLE001 - whatever it is, the bot tries again
                self._login.begin(describe_failure(error))
                self._is_login_tried.set()
                await asyncio.sleep(delay)
                delay = min(delay * 2, MAX_RETRY_SECONDS)
            else:
                self._identity = AuthorizeResult(
                    enterprise_id=response.get("enterprise_id"),
                    team_id=response.get("team_id"),
                    bot_user_id=response.get("user_id"),
                    bot_id=response.get("bot_id"),
                    bot_token=self._sender.token,
                )
        self._sender.sending_status.resume()
        self._login.end()
        self._is_login_tried.set()

    def _record_failed_connection(self, cause: str) -> None:
        self._socket.begin(cause)
        self._is_socket_tried.set()

    async def _watch_socket(self, client: SocketModeClient) -> None:
        """Connect, and watch the socket; the SDK connects it again."""
        connection = asyncio.create_task(client.connect())  # type: ignore[no-untyped-call]  # the SDK has no types here
        self._tasks.append(connection)
        seconds_without_socket = 0.0
        while True:
            if await client.is_connected():
                self._socket.end()
                self._is_socket_tried.set()
                seconds_without_socket = 0.0
            elif seconds_without_socket > RECONNECTION_SECONDS:
                self._socket.begin(self._socket.cause or "the socket is closed")
            if connection.done():
                await asyncio.sleep(POLL_SECONDS)
            else:
                await asyncio.wait({connection}, timeout=POLL_SECONDS)
            seconds_without_socket += POLL_SECONDS


async def _close_socket(client: SocketModeClient) -> None:
    """Close the socket; if Slack does not confirm that in time, abandon it."""
    with suppress(TimeoutError, *CONNECTION_ERRORS):
        async with asyncio.timeout(STOP_SECONDS):
            await client.close()  # type: ignore[no-untyped-call]  # the SDK has no types here
            return
    tasks = (client.message_processor, client.current_session_monitor, client.message_receiver)
    for task in tasks:
        if task is not None:
            task.cancel()
    await client.aiohttp_client_session.close()


def _summarize(*, is_refused: bool, problems: list[str]) -> str:
    if is_refused:
        return "refused"
    return "not available" if problems else "connected"


def _build_socket_logger(begin_trouble: Callable[[str], None]) -> logging.Logger:
    """Return a logger for the SDK, which logs a traceback for each attempt to connect."""
    logger = logging.Logger("socket mode", logging.WARNING)  # noqa: LOG001 - one for each bot
    logger.addHandler(_SocketLogHandler(begin_trouble))
    return logger


class _SocketLogHandler(logging.Handler):
    """Turns failed attempts into one outage; passes everything else on."""

    def __init__(self, begin_trouble: Callable[[str], None]) -> None:
        super().__init__()
        self._begin_trouble = begin_trouble

    def emit(self, record: logging.LogRecord) -> None:
        """Handle one message of the SDK."""
        error, message = record.exc_info[1] if record.exc_info else None, record.getMessage()
        if error is None or isinstance(error, CONNECTION_ERRORS):
            log.info("Socket Mode: %s", message)
            if error is not None and message.startswith("Failed to connect"):
                self._begin_trouble(describe_failure(error))
        else:
            log.error("Socket Mode: %s", message, exc_info=error)
