"""Slack's token rotation: the bot token is renewed before it expires, with a refresh token.

Source: `oauth.v2.access` with `grant_type=refresh_token`. A token is valid for twelve hours and a
refresh token once. Both are stored in the database, where other bots and commands find them.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

import aiohttp

from bot.metrics import count_call
from bot.settings import Settings
from bot.slack.client.sender import Sender
from bot.slack.client.web_client import is_local_url
from storage.outage_log import OutageLog
from storage.queries import slack_tokens
from storage.queries.slack_tokens import SlackTokens

log = logging.getLogger(__name__)

METHOD = "oauth.v2.access"

RENEWED_BEFORE = timedelta(hours=2)
"""How long before its end a token is renewed; Slack's own libraries do the same."""

CHECK_SECONDS = 30.0
"""Seconds between two looks at the stored tokens, which another bot may have renewed."""

TIMEOUT_SECONDS = 30


class RenewalError(Exception):
    """Slack did not renew the token. The message says why."""


def origin_of(settings: Settings) -> str:
    """Return the hash of the refresh token in the settings, "" without rotation."""
    if settings.refresh_token is None:
        return ""
    return sha256(settings.refresh_token.get_secret_value().encode()).hexdigest()


@dataclass(slots=True)
class TokenRotation:
    """Keeps the token of a sender valid, while the settings have a refresh token."""

    settings: Settings
    sender: Sender
    _outage: OutageLog = field(default_factory=lambda: OutageLog(log))

    async def run(self) -> None:
        """Keep the token valid until the task is canceled."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                await self.keep_valid()
            except Exception as error:  # noqa: BLE001 - the database logs its outages itself
                log.info("could not look at the token: %s", type(error).__name__)

    async def keep_valid(self) -> None:
        """Use the newest token, and renew it if it expires within two hours.

        If Slack does not renew it, that is logged once, and the next call tries again.

        Raises:
            DBAPIError: the database cannot be used.
        """
        db, now, origin = self.sender.db, self.sender.clock.now(), origin_of(self.settings)
        known = await db.read(slack_tokens.stored_tokens, origin)
        if known:
            self.sender.use_token(known.access_token)
            if now < known.expires_at - RENEWED_BEFORE:
                self._outage.end("token", "another process renewed the bot token")
                return
        claimed = await db.write(slack_tokens.claim, known or self._first_tokens(now), now)
        if claimed is None:
            return
        try:
            renewed = await self._renew(claimed, now)
        except RenewalError as error:
            self._outage.begin("token", f"Slack did not renew the bot token: {error}")
            return
        await db.write(slack_tokens.store, renewed, now)
        self._outage.end("token", "Slack renewed the bot token")
        self.sender.use_token(renewed.access_token)

    def _first_tokens(self, now: datetime) -> SlackTokens:
        """Return the tokens of the settings, which are renewed at once: their end is unknown."""
        refresh_token = self.settings.refresh_token
        return SlackTokens(
            origin_of(self.settings),
            self.settings.bot_token.get_secret_value(),
            refresh_token.get_secret_value() if refresh_token else "",
            now,
        )

    async def _renew(self, tokens: SlackTokens, now: datetime) -> SlackTokens:
        answer = await self._ask_slack(tokens.refresh_token)
        code = "ok" if answer.get("ok") else str(answer.get("error", "no_json"))
        count_call(METHOD, code)
        try:
            access_token, refresh_token = str(answer["access_token"]), str(answer["refresh_token"])
            lifetime = timedelta(seconds=float(str(answer["expires_in"])))
        except (KeyError, ValueError):
            raise RenewalError(code) from None
        return SlackTokens(tokens.origin, access_token, refresh_token, now + lifetime)

    async def _ask_slack(self, refresh_token: str) -> dict[str, object]:
        settings = self.settings
        secret = settings.client_secret.get_secret_value() if settings.client_secret else ""
        credentials = aiohttp.encode_basic_auth(settings.client_id or "", secret)
        try:
            async with self.sender.http.post(
                f"{settings.api_url}{METHOD}",
                data={"grant_type": "refresh_token", "refresh_token": refresh_token},
                headers={"Authorization": credentials},
                proxy=None if is_local_url(settings.api_url) else self.sender.client.proxy,
                timeout=aiohttp.ClientTimeout(TIMEOUT_SECONDS),
            ) as response:
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            count_call(METHOD, "no_answer")
            raise RenewalError(type(error).__name__) from error
        return answer if isinstance(answer, dict) else {}
