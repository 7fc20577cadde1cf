"""Ephemeral replies to buttons, shown where the button was."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import partial
from typing import Any

from bot.app_context import AppContext
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.types import MessageResponse
from bot.slack.client.modals import open_view, push_view
from bot.slack.views.task_modals import read_only_modal
from handlers.payloads import ActionPayload


def reply(app: AppContext, payload: ActionPayload, message: Message) -> None:
    """Respond ephemerally, replacing the original if it was ephemeral.

    Buttons in the Home tab and in modals are answered in a modal.
    """
    app.run_in_background(_send_reply(app, payload, message))


def _send_reply(app: AppContext, payload: ActionPayload, message: Message) -> Awaitable[Any]:
    url = payload.interaction.response_url
    if not url:
        is_modal = (payload.view or {}).get("type") == "modal"
        show = push_view if is_modal else partial(open_view, response_url=None)
        return show(app.sender, payload.trigger_id, read_only_modal("Done", message.blocks))
    body: MessageResponse = {
        "response_type": "ephemeral",
        "replace_original": payload.is_ephemeral,
        "text": message.text,
        "blocks": message.blocks,
    }
    return app.sender.respond(url, body)
