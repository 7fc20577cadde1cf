"""The one place where an error becomes words for the person who met it."""

from __future__ import annotations

import logging
import secrets
from typing import Any

import orjson
from slack_bolt import BoltResponse
from slack_bolt.context.async_context import AsyncBoltContext

from bot.desk import Desk
from bot.errors import BotError, FieldsError
from bot.kinds.base import WrongAnswerError
from bot.slack.modals import notice_modal

log = logging.getLogger(__name__)

APOLOGY = (
    "Sorry, that did not work, and it is my fault. Nothing you did before is lost. "
    "Please try again; if it happens again, tell a coordinator “{reference}”."
)


async def say_what_went_wrong(
    error: Exception, body: dict[str, Any], context: AsyncBoltContext
) -> BoltResponse:
    """Answer an expected error with its sentence, and any other with an apology and a reference.

    An expected error is acknowledged: there is nothing that Slack could try again. A bug is not,
    because nothing was stored, and acknowledged means stored.
    """
    desk: Desk = context["desk"]
    if isinstance(error, BotError):
        return _answered(desk, body, error)
    reference = secrets.token_hex(4)
    log.error("bug %s on %s", reference, body.get("type", "a command"), exc_info=error)
    words = APOLOGY.format(reference=reference)
    _whisper(desk, body, words)
    return BoltResponse(status=500, body="")


def _answered(desk: Desk, body: dict[str, Any], error: BotError) -> BoltResponse:
    words = str(error)
    if body.get("type") == "view_submission":
        return _acknowledged(_on_modal(body, error, words))
    if "command" in body:
        return _acknowledged({"response_type": "ephemeral", "text": words})
    _whisper(desk, body, words)
    return BoltResponse(status=200, body="")


def _on_modal(body: dict[str, Any], error: BotError, words: str) -> dict[str, Any]:
    """Show it at its field, or as a modal on top: what was written stays underneath.

    Slack's client shows no error for a field that the modal does not have.
    """
    shown = (body["view"].get("state") or {}).get("values") or {}
    errors = {block: said for block, said in _wrong_fields(error).items() if block in shown}
    if errors:
        return {"response_action": "errors", "errors": errors}
    return {"response_action": "push", "view": notice_modal("Not saved", words)}


def _wrong_fields(error: BotError) -> dict[str, str]:
    """Return what is wrong by the block that stands for the field."""
    if isinstance(error, FieldsError):
        return error.fields
    if isinstance(error, WrongAnswerError):
        return {f"{error.field}:{error.part}": str(error)}
    return {}


def _acknowledged(body: dict[str, Any]) -> BoltResponse:
    return BoltResponse(
        status=200,
        body=orjson.dumps(body).decode(),
        headers={"Content-Type": "application/json"},
    )


def _whisper(desk: Desk, body: dict[str, Any], words: str) -> None:
    """Tell only the person who acted: beside the message, or as a modal where there is none."""
    url = body.get("response_url")
    if url:
        message = {"response_type": "ephemeral", "replace_original": False, "text": words}
        desk.soon(desk.sender.respond(url, message))
    elif body.get("type") == "block_actions":
        show = desk.sender.client.views_push if _in_modal(body) else desk.sender.client.views_open
        view = notice_modal("That did not work", words)
        desk.soon(show(trigger_id=body.get("trigger_id", ""), view=view))


def _in_modal(body: dict[str, Any]) -> bool:
    return (body.get("view") or {}).get("type") == "modal"
