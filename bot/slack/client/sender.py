"""Sends messages: through the response_url of an interaction, as an update, or as a new message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import Clock
from bot.messages.queued_message import PERSON_PREFIXES
from bot.metrics import count_call
from bot.slack.blockkit.message_size import shorten_blocks
from bot.slack.blockkit.passages import replace_images_with_links
from bot.slack.blockkit.types import Block, MessageResponse
from bot.slack.client.api_methods import API_METHODS
from bot.slack.client.call_budget import CallBudget
from bot.slack.client.contacts import record_call
from bot.slack.client.delivery_lease import require_lease
from bot.slack.client.error_codes import MESSAGE_GONE_ERRORS
from bot.slack.client.method_pause import MethodPause
from bot.slack.client.rate_limiter import LimitReachedError
from bot.slack.client.sending_status import SendingStatus
from bot.slack.client.stored_media import Locks, StoredMedia, stored_urls
from bot.slack.client.web_client import (
    NETWORK_ERRORS,
    UnreadableAnswerError,
    error_code,
    is_local_url,
    is_outage,
    is_success,
    needed_scope,
    retry_after_seconds,
    status_of,
)
from bot.spans import span
from storage.database import Database

log = logging.getLogger(__name__)

RESPONSE_URL_LIFETIME = timedelta(minutes=29)
"""Slack accepts a response_url for 30 minutes; one minute is a safety margin."""

MAX_TEXT_CHARACTERS = 4_000
"""Longest notification text that chat.update accepts, and that Slack recommends."""


@dataclass(slots=True)
class Sender:
    """Sends messages and calls Slack's Web API within its rate limits.

    `max_wait` is how long a call may wait for its rate limit, None for as long as necessary.
    `draws_formulas`: tasks show images of the formulas in their texts.
    """

    db: Database
    client: AsyncWebClient
    http: aiohttp.ClientSession
    clock: Clock
    budget: CallBudget
    sending_status: SendingStatus = field(default_factory=SendingStatus)
    profile_pause: MethodPause = field(default_factory=MethodPause)
    dnd_pause: MethodPause = field(default_factory=MethodPause)
    max_wait: timedelta | None = None
    draws_formulas: bool = False
    _channels: dict[str, str] = field(default_factory=dict)
    _media_locks: Locks = field(default_factory=Locks)
    media: StoredMedia = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare uploads of stored files."""
        self.media = StoredMedia(self.db, self.clock, self.call, self._media_locks)

    @property
    def token(self) -> str:
        """Return the bot token."""
        return str(self.client.token)

    def use_token(self, token: str) -> None:
        """Use another bot token from now on, also in copies of this sender."""
        self.client.token = token

    async def post(
        self, channel: str, text: str, blocks: Sequence[Block], thread_ts: str | None = None
    ) -> str:
        """Post a new message and return its `ts`.

        Raises:
            SlackApiError: Slack refused it.
        """
        message = {
            "channel": channel,
            "text": text[:MAX_TEXT_CHARACTERS],
            "blocks": shorten_blocks(blocks),
            "unfurl_links": False,
            "unfurl_media": False,
            **({"thread_ts": thread_ts} if thread_ts else {}),
        }
        response = await self._call_with_image_fallback("chat.postMessage", message)
        if channel.startswith(PERSON_PREFIXES) and response.get("channel"):
            self._channels[channel] = str(response["channel"])
        return str(response["ts"])

    async def share(self, channel: str, text: str, thread_ts: str | None) -> None:
        """Post a text with links to files in Slack, which Slack shows below the text.

        Raises:
            SlackApiError: Slack refused it.
        """
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        await self.call("chat.postMessage", {"channel": channel, "text": text, **thread})

    async def update(
        self, channel: str, ts: str, text: str, blocks: Sequence[Block], *, is_awaited: bool = True
    ) -> bool:
        """Replace a message; return False if it is gone.

        If nobody waits for it, it leaves calls of the rate limit for others.

        Raises:
            SlackApiError: Slack refused for another reason.
        """
        message = {
            "channel": channel,
            "ts": ts,
            "text": text[:MAX_TEXT_CHARACTERS],
            "blocks": shorten_blocks(blocks),
        }
        try:
            await self._call_with_image_fallback("chat.update", message, is_update=not is_awaited)
        except SlackApiError as error:
            if error_code(error) in MESSAGE_GONE_ERRORS:
                return False
            raise
        return True

    async def replace(
        self, url: str, received_at: datetime, text: str, blocks: Sequence[Block]
    ) -> bool:
        """Replace the message of an interaction through its response_url; False if that fails.

        Slack's rate limits do not count this. It fails if the URL has expired or Slack refuses it.
        """
        if self.clock.now() - received_at > RESPONSE_URL_LIFETIME:
            return False
        reply: MessageResponse = {"replace_original": True, "text": text, "blocks": list(blocks)}
        return await self.respond(url, reply)

    async def respond(self, url: str, message: MessageResponse) -> bool:
        """Post a message to a response_url; return False unless Slack says that it accepts it.

        Slack answers `ok`, as text or JSON. An expired URL or a refused message may be answered
        with status 200 too.
        """
        proxy = None if is_local_url(url) else self.client.proxy
        if blocks := message.get("blocks"):
            try:
                message = {**message, "blocks": await self.media.fill(shorten_blocks(blocks))}
            except (SlackApiError, LimitReachedError):  # uploads have to wait
                return False
        require_lease()
        try:
            async with self.http.post(url, json=message, proxy=proxy) as response:
                body = await response.read()
                if response.ok and is_success(body):
                    return True
                log.info("response_url: %s %s", response.status, body[:200])
        except (aiohttp.ClientError, TimeoutError) as error:
            log.info("response_url: %s", type(error).__name__)
        return False

    async def direct_channel(self, slack_id: str) -> str:
        """Return the channel id of the DM with a person.

        If `conversations.open` has to wait for its rate limit, or a stand-in for Slack does not
        have it, this is the person's own id, and `posted_channel` returns the DM after the first
        message.

        Raises:
            SlackApiError: Slack refused it.
        """
        if slack_id not in self._channels:
            try:
                response = await self.call("conversations.open", {"users": slack_id})
            except LimitReachedError:
                return slack_id
            except SlackApiError as error:
                if error_code(error) != "unknown_method":
                    raise
                return slack_id
            self._channels[slack_id] = str(response["channel"]["id"])
        return self._channels[slack_id]

    def posted_channel(self, channel: str) -> str:
        """Return the channel id for a channel, or for a person to whom a message was posted."""
        return self._channels.get(channel, channel)

    async def _call_with_image_fallback(
        self, method: str, message: dict[str, Any], *, is_update: bool = False
    ) -> AsyncSlackResponse:
        """Send a message. If Slack refuses it because of an image, send it again with links."""
        try:
            return await self.call(method, message, is_update=is_update)
        except SlackApiError as error:
            without_images = replace_images_with_links(message["blocks"])
            if error_code(error) != "invalid_blocks" or without_images == message["blocks"]:
                raise
            log.warning("%s: an image could not be shown: %s", method, error.response)
            return await self.call(method, message | {"blocks": without_images})

    async def call(
        self, method: str, arguments: dict[str, Any], *, is_update: bool = False
    ) -> AsyncSlackResponse:
        """Call a method of the Web API, waiting as long as its rate limit requires.

        With `is_update`, the call only updates an older message, and others go before it.

        Raises:
            LimitReachedError: the wait would be longer than `max_wait`.
            SlackApiError: Slack refused the call. After a rate limit, later calls of the method
                wait for the time that Slack named.
        """
        await self.wait_for_limit(method, str(arguments.get("channel", "")), is_update=is_update)
        return await self.call_at_once(method, arguments)

    async def wait_for_limit(
        self, method: str, channel: str = "", *, is_update: bool = False
    ) -> None:
        """Count a call, and wait for its rate limit; raise `LimitReachedError` as `call` does."""
        wait = await self.budget.reserve(method, channel, self.max_wait, is_update=is_update)
        if wait:
            await asyncio.sleep(wait.total_seconds())

    async def call_at_once(self, method: str, arguments: dict[str, Any]) -> AsyncSlackResponse:
        """Call a method of the Web API with the stored images of its message or dialog.

        Raises:
            SlackApiError: Slack refused it.
            OSError: Slack did not answer, or not as the Web API does.
        """
        view = arguments.get("view", arguments)
        blocks = view.get("blocks", ())
        if not stored_urls(blocks):
            return await self._call_recorded(method, arguments)
        try:
            return await self._call_recorded(method, await self._with_images(arguments))
        except SlackApiError as error:
            if "slack_file" not in str(error.response):
                raise
        # Slack does not show an image: it was deleted, for example. It is uploaded again.
        await self.media.check_again(blocks)
        try:
            return await self._call_recorded(method, await self._with_images(arguments))
        except SlackApiError as error:
            if "slack_file" in str(error.response):
                await self.media.check_again(blocks)
            raise

    async def _with_images(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments of a call with the ids of the images that Slack shows."""
        view = arguments.get("view", arguments)
        filled = {**view, "blocks": await self.media.fill(view["blocks"])}
        return {**arguments, "view": filled} if "view" in arguments else filled

    async def _call_recorded(self, method: str, arguments: dict[str, Any]) -> AsyncSlackResponse:
        """Call a method, and record what its failure says about the app."""
        require_lease()
        try:
            with span("slack call", method=method):
                answer = await API_METHODS[method](self.client, **arguments)
        except SlackApiError as error:
            count_call(method, error_code(error) or f"http_{status_of(error)}")
            now, wait = self.clock.now(), retry_after_seconds(error)
            if wait is not None:
                await self.budget.back_off(method, wait)
            if is_outage(error):
                self.sending_status.record_no_answer(f"HTTP {status_of(error)}", now)
            else:
                code, scope = error_code(error), needed_scope(error)
                self.sending_status.record_refusal(method, code, scope, now)
            raise
        except NETWORK_ERRORS as error:
            count_call(method, "no_answer")
            self.sending_status.record_no_answer(type(error).__name__, self.clock.now())
            raise
        except AttributeError as error:  # the SDK cannot read an answer in plain text
            count_call(method, "no_json")
            self.sending_status.record_no_answer("no JSON", self.clock.now())
            raise UnreadableAnswerError from error
        count_call(method, "ok")
        record_call(method, arguments, answer.data if isinstance(answer.data, dict) else {})
        self.sending_status.record_success(method)
        return answer
