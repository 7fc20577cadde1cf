"""The ways a message can go out: through a click's response_url, as an update, as a new message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import Clock
from bot.slack.blockkit.blocks import Block
from bot.slack.blockkit.passages import replace_images_with_links
from bot.slack.client.rate_limiter import RateLimiter
from bot.slack.client.web_client import error_code, is_local_url, retry_after_seconds
from storage.database import Database

log = logging.getLogger(__name__)

RESPONSE_URL_LIFETIME = timedelta(minutes=29)
"""Slack lets a response_url be used for 30 minutes; a minute is kept for the way."""

MAX_UPDATE_TEXT_CHARACTERS = 4_000
"""Characters of notification text that chat.update takes."""

MESSAGE_GONE_ERRORS = {
    "message_not_found",
    "cant_update_message",
    "edit_window_closed",
    "is_inactive",
}
"""Slack's words for a message that can no longer be changed."""

USER_ID_PREFIXES = ("U", "W")
"""What the ids of people begin with."""

API_METHODS: dict[str, Callable[..., Awaitable[AsyncSlackResponse]]] = {
    "chat.postMessage": AsyncWebClient.chat_postMessage,
    "chat.update": AsyncWebClient.chat_update,
    "conversations.members": AsyncWebClient.conversations_members,
    "conversations.open": AsyncWebClient.conversations_open,
    "dnd.info": AsyncWebClient.dnd_info,
    "usergroups.list": AsyncWebClient.usergroups_list,
    "usergroups.users.list": AsyncWebClient.usergroups_users_list,
    "users.info": AsyncWebClient.users_info,
    "views.publish": AsyncWebClient.views_publish,
}
"""The SDK knows which methods take JSON and which only a form or a query."""


@dataclass(slots=True)
class Sender:
    """What it takes to say something in Slack."""

    db: Database
    client: AsyncWebClient
    http: aiohttp.ClientSession
    clock: Clock
    token: str = field(repr=False)
    rate_limiter: RateLimiter = field(default_factory=RateLimiter)
    _channels: dict[str, str] = field(default_factory=dict)

    async def post(
        self, channel: str, text: str, blocks: Sequence[Block], thread_ts: str | None = None
    ) -> str:
        """Post a new message and return its `ts`.

        Raises:
            SlackApiError: Slack refused it.
        """
        message = {
            "channel": channel,
            "text": text,
            "blocks": list(blocks),
            "unfurl_links": False,
            "unfurl_media": False,
            **({"thread_ts": thread_ts} if thread_ts else {}),
        }
        answer = await self._call_with_image_fallback("chat.postMessage", message)
        if channel.startswith(USER_ID_PREFIXES) and answer.get("channel"):
            self._channels[channel] = str(answer["channel"])
        return str(answer["ts"])

    async def update(self, channel: str, ts: str, text: str, blocks: Sequence[Block]) -> bool:
        """Replace a message; False if it is gone for good.

        Raises:
            SlackApiError: Slack refused for another reason.
        """
        changed = {
            "channel": channel,
            "ts": ts,
            "text": text[:MAX_UPDATE_TEXT_CHARACTERS],
            "blocks": list(blocks),
        }
        try:
            await self._call_with_image_fallback("chat.update", changed)
        except SlackApiError as error:
            if error_code(error) in MESSAGE_GONE_ERRORS:
                return False
            raise
        return True

    async def replace(
        self, url: str, received_at: datetime, text: str, blocks: Sequence[Block]
    ) -> bool:
        """Replace the message a click came from through its response_url.

        Not counted by Slack's rate limits. False: it is too late, or Slack does not take it.
        """
        if self.clock.now() - received_at > RESPONSE_URL_LIFETIME:
            return False
        return await self.respond(
            url, {"replace_original": True, "text": text, "blocks": list(blocks)}
        )

    async def respond(self, url: str, message: Mapping[str, Any]) -> bool:
        """Post a message to a response_url; False if Slack does not take it."""
        proxy = None if is_local_url(url) else self.client.proxy
        try:
            async with self.http.post(url, json=message, proxy=proxy) as answer:
                if answer.ok:
                    return True
                log.info("response_url: %s %s", answer.status, (await answer.text())[:200])
        except (aiohttp.ClientError, TimeoutError) as error:
            log.info("response_url: %s", type(error).__name__)
        return False

    async def direct_channel(self, slack_id: str) -> str:
        """Return the DM with a person.

        A stand-in for Slack may know no `conversations.open`: the person's own id will do then, and
        the first message says which DM that is (`where`).

        Raises:
            SlackApiError: Slack refused it.
        """
        if slack_id not in self._channels:
            try:
                answer = await self.call("conversations.open", {"users": slack_id})
            except SlackApiError as error:
                if error_code(error) != "unknown_method":
                    raise
                return slack_id
            self._channels[slack_id] = str(answer["channel"]["id"])
        return self._channels[slack_id]

    def posted_channel(self, channel: str) -> str:
        """Return where a message to this channel, or to this person, was posted."""
        return self._channels.get(channel, channel)

    async def _call_with_image_fallback(
        self, method: str, message: dict[str, Any]
    ) -> AsyncSlackResponse:
        """Say it; where Slack cannot fetch an image and so refuses the whole, say it with links."""
        try:
            return await self.call(method, message)
        except SlackApiError as error:
            without_images = replace_images_with_links(message["blocks"])
            if error_code(error) != "invalid_blocks" or without_images == message["blocks"]:
                raise
            log.warning("%s: an image could not be shown: %s", method, error.response)
            return await self.call(method, message | {"blocks": without_images})

    async def call(self, method: str, arguments: dict[str, Any]) -> AsyncSlackResponse:
        """Call a method at Slack's pace.

        Raises:
            SlackApiError: Slack refused it; after a rate limit later calls wait by themselves.
        """
        now = self.clock.now()
        moment = self.rate_limiter.reserve(method, str(arguments.get("channel", "")), now)
        if moment > now:
            await asyncio.sleep((moment - now).total_seconds())
        try:
            return await API_METHODS[method](self.client, **arguments)
        except SlackApiError as error:
            wait = retry_after_seconds(error)
            if wait is not None:
                self.rate_limiter.back_off(method, wait, self.clock.now())
            raise
