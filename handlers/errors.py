"""Error handling: the only place that turns an exception into a message for the user."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from functools import partial

import orjson
from slack_bolt import BoltResponse
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.error import BoltUnhandledRequestError

from bot.app_context import AppContext
from bot.errors import BotError, FieldsError
from bot.kinds.base import InvalidAnswerError
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.message_size import split_message
from bot.slack.blockkit.types import MessageResponse, SubmissionAnswer
from bot.slack.client.modals import open_view, push_view
from bot.slack.parsing.action_ids import UnknownActionError
from bot.slack.views.task_modals import notice_modal
from handlers.dispatch import IS_READ, UnknownDialogError
from handlers.payload_shapes import UnreadableRequestError, describe_unreadable
from handlers.payloads import Body
from storage.outage import outage_cause

log = logging.getLogger(__name__)


class NothingStoredError(BotError):
    """Nothing can be saved now: {cause}. Your last action was not saved. Try again later."""


APOLOGY = (
    "Sorry, something went wrong in the bot. Nothing you saved before is lost. "
    "Please try again. If it happens again, contact a coordinator and give this reference: "
    "“{reference}”."
)


MODAL_OPENERS = ("block_actions", "shortcut", "message_action")
"""Types of payloads whose `trigger_id` opens a modal."""


class UnknownRequestError(BotError):
    """The bot does not know this action. Use `/label help` for what it can do."""


REQUEST_ERRORS = (
    UnknownRequestError,
    UnknownActionError,
    UnknownDialogError,
    UnreadableRequestError,
)
"""Errors about what Slack sent: logged in one line, because a coordinator may ask about them."""


async def handle_error(error: Exception, body: Body, context: AsyncBoltContext) -> BoltResponse:
    """Show an expected error's message; for a bug, show an apology with a log reference.

    An expected error is acknowledged, because a retry by Slack would not help. A bug is not:
    nothing was stored, and acknowledged means stored. Neither is a tap or an event while the
    database cannot be used; the database logs its outages itself.
    """
    app: AppContext | None = context.get("app")
    expected_error = _expected_error(error, body, context)
    if expected_error:
        return _respond_to_expected(app, body, expected_error)
    if cause := outage_cause(error):
        return _respond_to_outage(app, body, NothingStoredError(cause=cause))
    reference = secrets.token_hex(4)
    log.error("bug %s on %s", reference, _describe(body), exc_info=error)
    _send_ephemeral(app, body, APOLOGY.format(reference=reference))
    return BoltResponse(status=500, body="")


def _expected_error(error: Exception, body: Body, context: AsyncBoltContext) -> BotError | None:
    """Return the expected error behind an exception, None if it is a bug.

    Bolt itself fails with various exceptions on a payload of another shape. It does so before our
    listener has read the payload.
    """
    if isinstance(error, BotError):
        return error
    if isinstance(error, BoltUnhandledRequestError):
        return UnknownRequestError()
    if not context.get(IS_READ):
        return UnreadableRequestError(problem=describe_unreadable(body, error))
    return None


def _respond_to_expected(app: AppContext | None, body: Body, error: BotError) -> BoltResponse:
    if isinstance(error, REQUEST_ERRORS):
        problem = error.details.get("problem", "unknown to the bot")
        log.warning("refused %s: %s", _describe(body), problem)
    text = str(error)
    if body.get("type") == "view_submission":
        return _ack_json(_build_modal_error(body, error, text))
    if "command" in body:
        (reply,) = split_message(Message(text, []))
        return _ack_json({"response_type": "ephemeral", "text": reply.text})
    _send_ephemeral(app, body, text)
    return BoltResponse(status=200, body="")


def _describe(body: Body) -> str:
    """Return what kind of request it is, and the ids that a handler is chosen by."""
    actions, view, event = body.get("actions"), body.get("view"), body.get("event")
    action = actions[0] if isinstance(actions, list) and actions else {}
    parts = {
        "type": "command" if "command" in body else body.get("type"),
        "event": event.get("type") if isinstance(event, dict) else None,
        "action_id": action.get("action_id") if isinstance(action, dict) else None,
        "callback_id": body.get("callback_id")
        or (view.get("callback_id") if isinstance(view, dict) else None),
    }
    named = [f"{key} {str(value)[:100]!r}" for key, value in parts.items() if value]
    return ", ".join(named) or "a request without a type"


def _respond_to_outage(app: AppContext | None, body: Body, error: BotError) -> BoltResponse:
    """Show the cause. Only dialogs and commands are acknowledged: the text is their answer."""
    response = _respond_to_expected(app, body, error)
    is_shown = body.get("type") == "view_submission" or "command" in body
    return response if is_shown else BoltResponse(status=503, body="")


def _build_modal_error(body: Body, error: BotError, text: str) -> SubmissionAnswer:
    """Show the error at its field, or in a modal on top that keeps the input underneath.

    Slack's client ignores an error for a field that the modal does not have.
    """
    field_errors = _field_errors(error)
    visible_blocks = _visible_blocks(body) if field_errors else {}
    errors = {block: message for block, message in field_errors.items() if block in visible_blocks}
    if errors:
        return {"response_action": "errors", "errors": errors}
    return {"response_action": "push", "view": notice_modal("Not saved", text)}


def _visible_blocks(body: Body) -> Mapping[str, object]:
    """Return the inputs of a submitted modal whose shape was checked."""
    return (body["view"].get("state") or {}).get("values") or {}


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


def _send_ephemeral(app: AppContext | None, body: Body, text: str) -> None:
    """Show the text to the person who acted: ephemerally, or in a modal if there is no message."""
    url, trigger_id = body.get("response_url"), body.get("trigger_id")
    if app is None:
        log.warning("Bolt gave no app context, so nobody reads: %s", text)
    elif isinstance(url, str) and url:
        message: MessageResponse = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": text,
        }
        app.run_in_background(app.sender.respond(url, message))
    elif body.get("type") in MODAL_OPENERS and isinstance(trigger_id, str):
        view = notice_modal("That did not work", text)
        show = push_view if _is_in_modal(body) else partial(open_view, response_url=None)
        app.run_in_background(show(app.sender, trigger_id, view))


def _is_in_modal(body: Body) -> bool:
    view = body.get("view")
    return isinstance(view, dict) and view.get("type") == "modal"
