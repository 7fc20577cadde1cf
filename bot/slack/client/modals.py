"""Opening and updating modals. A trigger id expires after three seconds, so there is no retry."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from math import ceil
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.blockkit.text import pluralize
from bot.slack.blockkit.types import MessageResponse, ModalView
from bot.slack.client.login_errors import describe_failure
from bot.slack.client.sender import Sender
from bot.slack.client.web_client import error_code, retry_after_seconds

log = logging.getLogger(__name__)

TRIGGER_USED_ERRORS = ("exchanged_trigger_id", "trigger_exchanged")
"""Error codes after a tap that Slack delivered twice: the first delivery opened the dialog."""

TRIGGER_EXPIRED_TEXT = "The dialog took too long to open. Please tap again."
OPEN_FAILED_TEXT = (
    "Slack could not open the dialog. Please tap again; if that fails too, contact a coordinator."
)


async def open_view(
    sender: Sender, trigger_id: str, view: ModalView, response_url: str | None
) -> None:
    """Open a modal, or reply ephemerally why it did not open."""
    await _show("views.open", sender, trigger_id, view, response_url)


async def push_view(sender: Sender, trigger_id: str, view: ModalView) -> None:
    """Show a modal on top of the open one."""
    await _show("views.push", sender, trigger_id, view, None)


async def _show(
    method: str, sender: Sender, trigger_id: str, view: ModalView, response_url: str | None
) -> None:
    try:
        await sender.call_at_once(method, {"trigger_id": trigger_id, "view": dict(view)})
    except SlackApiError as error:
        if error_code(error) in TRIGGER_USED_ERRORS:
            return
        log.warning("Slack refuses %s: %s", method, describe_failure(error))
        if response_url:
            message: MessageResponse = {
                "response_type": "ephemeral",
                "replace_original": False,
                "text": _explain_error(error),
            }
            await sender.respond(response_url, message)


async def update_view(sender: Sender, current_view: Mapping[str, Any], view: ModalView) -> bool:
    """Replace an open modal unless it has changed since: the newer click counts.

    Return False if it has changed.
    """
    return await _update(sender, current_view["id"], view, hash=current_view.get("hash"))


async def replace_view(sender: Sender, view_id: str, view: ModalView) -> None:
    """Replace an open modal, whatever it shows."""
    await _update(sender, view_id, view)


async def _update(sender: Sender, view_id: str, view: ModalView, **arguments: object) -> bool:
    try:
        await sender.call_at_once(
            "views.update", {"view_id": view_id, **arguments, "view": dict(view)}
        )
    except SlackApiError as error:
        if error_code(error) not in ("hash_conflict", "not_found"):
            raise
        return error_code(error) == "not_found"
    return True


def _explain_error(error: SlackApiError) -> str:
    wait = retry_after_seconds(error)
    if wait is not None:
        return f"Slack limits requests. Please tap again in {pluralize(ceil(wait), 'second')}."
    if error_code(error) in ("expired_trigger_id", "trigger_expired"):
        return TRIGGER_EXPIRED_TEXT
    return OPEN_FAILED_TEXT
