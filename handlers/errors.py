"""Error handling: the only place that turns an exception into a message for the user."""

from __future__ import annotations

import logging
import secrets

import orjson
from slack_bolt import BoltResponse
from slack_bolt.context.async_context import AsyncBoltContext

from bot.app_context import AppContext
from bot.errors import BotError, FieldsError
from bot.kinds.base import InvalidAnswerError
from bot.slack.blockkit.types import MessageResponse, SubmissionAnswer
from bot.slack.views.task_modals import notice_modal
from handlers.payloads import Body

log = logging.getLogger(__name__)

APOLOGY = (
    "Sorry, something went wrong in the bot. Nothing you saved before is lost. "
    "Please try again. If it happens again, contact a coordinator and give this reference: "
    "“{reference}”."
)


async def handle_error(error: Exception, body: Body, context: AsyncBoltContext) -> BoltResponse:
    """Show an expected error's message; for a bug, show an apology with a log reference.

    An expected error is acknowledged, because a retry by Slack would not help. A bug is not:
    nothing was stored, and acknowledged means stored.
    """
    app: AppContext = context["app"]
    if isinstance(error, BotError):
        return _respond_to_expected(app, body, error)
    reference = secrets.token_hex(4)
    log.error("bug %s on %s", reference, body.get("type", "a command"), exc_info=error)
    text = APOLOGY.format(reference=reference)
    _send_ephemeral(app, body, text)
    return BoltResponse(status=500, body="")


def _respond_to_expected(app: AppContext, body: Body, error: BotError) -> BoltResponse:
    text = str(error)
    if body.get("type") == "view_submission":
        return _ack_json(_build_modal_error(body, error, text))
    if "command" in body:
        return _ack_json({"response_type": "ephemeral", "text": text})
    _send_ephemeral(app, body, text)
    return BoltResponse(status=200, body="")


def _build_modal_error(body: Body, error: BotError, text: str) -> SubmissionAnswer:
    """Show the error at its field, or in a modal on top that keeps the input underneath.

    Slack's client ignores an error for a field that the modal does not have.
    """
    visible_blocks = (body["view"].get("state") or {}).get("values") or {}
    errors = {
        block: message for block, message in _field_errors(error).items() if block in visible_blocks
    }
    if errors:
        return {"response_action": "errors", "errors": errors}
    return {"response_action": "push", "view": notice_modal("Not saved", text)}


def _field_errors(error: BotError) -> dict[str, str]:
    """Return error messages by the block id of their field."""
    if isinstance(error, FieldsError):
        return error.fields
    if isinstance(error, InvalidAnswerError):
        return {f"{error.field}:{error.option}": str(error)}
    return {}


def _ack_json(body: SubmissionAnswer | MessageResponse) -> BoltResponse:
    return BoltResponse(
        status=200,
        body=orjson.dumps(body).decode(),
        headers={"Content-Type": "application/json"},
    )


def _send_ephemeral(app: AppContext, body: Body, text: str) -> None:
    """Show the text to the person who acted: ephemerally, or in a modal if there is no message."""
    url = body.get("response_url")
    if url:
        message: MessageResponse = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": text,
        }
        app.run_in_background(app.sender.respond(url, message))
    elif body.get("type") == "block_actions":
        show = app.sender.client.views_push if _is_in_modal(body) else app.sender.client.views_open
        view = dict(notice_modal("That did not work", text))
        app.run_in_background(show(trigger_id=body.get("trigger_id", ""), view=view))


def _is_in_modal(body: Body) -> bool:
    return (body.get("view") or {}).get("type") == "modal"
