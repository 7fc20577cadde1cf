"""Answering a button in the way that suits where it was pressed: nobody else sees it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from bot.desk import Desk
from bot.slack.cards import Drawn
from bot.slack.modals import shown_modal
from handlers.triggers import Pressed


def reply(desk: Desk, press: Pressed, drawn: Drawn) -> None:
    """Say what became of it: in place of a message for one's eyes only, else beside it.

    In the Home tab and in modals it is said in a modal.
    """
    desk.soon(_said(desk, press, drawn))


def _said(desk: Desk, press: Pressed, drawn: Drawn) -> Awaitable[Any]:
    url = press.click.response_url
    if not url:
        client = desk.sender.client
        is_modal = (press.view or {}).get("type") == "modal"
        show = client.views_push if is_modal else client.views_open
        return show(trigger_id=press.trigger_id, view=shown_modal("Done", drawn.blocks))
    message = {
        "response_type": "ephemeral",
        "replace_original": press.is_ephemeral,
        "text": drawn.text,
        "blocks": drawn.blocks,
    }
    return desk.sender.respond(url, message)
