"""Ephemeral replies to buttons, shown where the button was."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Iterable
from functools import partial
from typing import Any

from bot.app_context import AppContext
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.message_size import split_message
from bot.slack.blockkit.types import MessageResponse
from bot.slack.client.modals import open_view, push_view
from bot.slack.views.task_modals import read_only_modal
from handlers.payloads import ActionPayload

log = logging.getLogger(__name__)


def reply(app: AppContext, payload: ActionPayload, message: Message, title: str = "Done") -> None:
    """Respond ephemerally, replacing the original if it was ephemeral.

    Buttons in the Home tab and in modals are answered in a modal with a title.
    """
    app.run_in_background(_send_reply(app, payload, message, title))


async def send_parts(
    app: AppContext, url: str, parts: Iterable[Message], *, replace_original: bool = False
) -> None:
    """Post ephemeral messages to a response_url in order; the first may replace the original."""
    for part in parts:
        body: MessageResponse = {
            "response_type": "ephemeral",
            "replace_original": replace_original,
            "text": part.text,
            "blocks": part.blocks,
        }
        if not await app.sender.respond(url, body):
            log.warning("could not send a part of a reply: the response_url has expired or is used")
            return
        replace_original = False


def _send_reply(
    app: AppContext, payload: ActionPayload, message: Message, title: str
) -> Awaitable[Any]:
    url = payload.interaction.response_url
    if not url:
        is_modal = (payload.view or {}).get("type") == "modal"
        show = push_view if is_modal else partial(open_view, response_url=None)
        return show(app.sender, payload.trigger_id, read_only_modal(title, message.blocks))
    parts = split_message(message)
    return send_parts(app, url, parts, replace_original=payload.is_ephemeral)
