"""Receives requests over Socket Mode: Bolt's handler, for envelopes of any shape.

An envelope is acknowledged if its request was answered, and nothing that goes wrong with one
envelope closes the socket or delays another.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.async_base_handler import AsyncBaseSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.bolt_request import UnreadableBodyError, dispatch
from bot.slack.parsing.json_body import InvalidJsonError, parse_json_object

log = logging.getLogger(__name__)

PING_SECONDS = 10
"""How often the connection is checked."""


class EnvelopeClient(SocketModeClient):
    """The SDK's client, for frames of any content; it keeps the tasks that process them."""

    def __init__(self, app_token: str, bolt_app: AsyncApp, logger: logging.Logger) -> None:
        """Create the client without connecting it."""
        super().__init__(
            app_token=app_token,
            logger=logger,
            web_client=bolt_app.client,
            ping_interval=PING_SECONDS,
        )
        self._tasks: set[asyncio.Task[None]] = set()

    async def process_message(self) -> None:
        """Start to process the next frame; a frame without an envelope is ignored."""
        envelope = parse_envelope(await self.message_queue.get())
        if envelope:
            task = asyncio.create_task(self.run_message_listeners(envelope, ""))
            self._tasks.add(task)  # asyncio may drop unreferenced tasks
            task.add_done_callback(self._tasks.discard)


def parse_envelope(frame: str) -> dict[str, Any]:
    """Return the envelope or other message in a frame, {} if there is none.

    An envelope without a payload that is an object gets an empty one, so that it is acknowledged.
    """
    if not frame.startswith("{"):
        return {}
    try:
        message = parse_json_object(frame.encode("utf-8", "replace"))
    except InvalidJsonError as error:
        log.warning("Slack sent a frame that the bot cannot read: %s", error)
        return {}
    if isinstance(message.get("envelope_id"), str) and not isinstance(message.get("payload"), dict):
        return {**message, "payload": {}}
    return message if isinstance(message.get("envelope_id", ""), str) else {}


class SocketModeReceiver(AsyncBaseSocketModeHandler):
    """Passes each envelope to Bolt and acknowledges it if Bolt answers with status 200."""

    app: AsyncApp
    client: EnvelopeClient

    def __init__(
        self, bolt_app: AsyncApp, app_token: str, logger: logging.Logger | None = None
    ) -> None:
        """Create the receiver without connecting it; `logger` is for what the client logs."""
        self.app = bolt_app
        self.client = EnvelopeClient(app_token, bolt_app, logger or bolt_app.logger)
        self.client.socket_mode_request_listeners.append(self.handle)

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """Answer one envelope. Slack delivers it again if it was not acknowledged."""
        response = await self._dispatch(req)
        try:
            await send_async_response(client, req, response, 0)
        except (ConnectionError, aiohttp.ClientError) as error:
            log.warning("the socket closed before an acknowledgment: %s", error)

    async def _dispatch(self, req: SocketModeRequest) -> BoltResponse:
        try:
            return await dispatch(self.app, req.to_dict()["payload"])
        except UnreadableBodyError as error:
            log.warning("Slack sent an envelope that the bot cannot read: %s", error)
            return BoltResponse(status=200, body="")
