"""Dispatch from Bolt to handlers: parse, authorize, run the handler, wake the outbox, acknowledge.

The acknowledgment comes after the commit: whatever Slack considers received is stored. A request
that Slack delivers again is acknowledged without any effect.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.app_context import AppContext
from bot.errors import BotError
from bot.services.actors import received_requests
from bot.services.actors.received_requests import RepeatedRequestError
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.message_size import split_message
from bot.slack.parsing.action_ids import UnknownActionError
from handlers import request_keys
from handlers.payload_shapes import EventCallbackShape, check_shape
from handlers.payloads import (
    Body,
    CommandResponse,
    parse_action,
    parse_command,
    parse_submission,
    parse_suggestion,
)
from handlers.registry import (
    ACTIONS,
    EVENT_SHAPES,
    EVENTS,
    OPTIONS,
    REPEATABLE,
    REQUIRED_ROLES,
    SUBCOMMANDS,
    SUBMISSIONS,
)
from handlers.responses import send_parts

IS_READ = "labelbot_is_read"
"""Key in Bolt's context of a payload that was read. An earlier error is about the payload."""


class UnknownDialogError(BotError):
    """This dialog is from an older version of the bot. Close it, and open it again."""


async def handle_action(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, app: AppContext
) -> None:
    """Dispatch a button click or menu choice.

    Raises:
        UnreadableRequestError, UnknownActionError: the payload is not one of ours.
    """
    payload = parse_action(body, app.clock.now())
    context[IS_READ] = True
    name, interaction = payload.action.name, payload.interaction
    if name not in ACTIONS:
        raise UnknownActionError

    async def run(request_app: AppContext) -> None:
        await _authorize(request_app, interaction.slack_id, name)
        await ACTIONS[name](request_app, payload)

    if name in REPEATABLE:
        await run(app)
    else:
        keys = request_keys.action_keys(name, interaction.slack_id, interaction.id)
        await _run_once(app, keys, run)
    app.wake_outbox()
    await ack()


async def handle_submission(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, app: AppContext
) -> None:
    """Dispatch a submitted modal. A repeated one is closed.

    Raises:
        UnreadableRequestError, UnknownDialogError: the payload is not one of ours.
    """
    payload = parse_submission(body, app.clock.now())
    context[IS_READ] = True
    name = body["view"]["callback_id"]
    if name not in SUBMISSIONS:
        raise UnknownDialogError
    response: dict[str, Any] = {}

    async def run(request_app: AppContext) -> None:
        await _authorize(request_app, payload.interaction.slack_id, name)
        response.update(await SUBMISSIONS[name](request_app, payload) or {})

    if name in REPEATABLE:
        await run(app)
    else:
        await _run_once(app, request_keys.submission_keys(name, payload), run)
    app.wake_outbox()
    await ack(**response)


async def _authorize(app: AppContext, slack_id: str, name: str) -> None:
    """Authorize an action or modal: the payload authenticates a user but proves no role."""
    requirement = REQUIRED_ROLES.get(name)
    if requirement:
        await app.require_role(slack_id, requirement.role, requirement.activity)


async def _run_once(
    app: AppContext, keys: Sequence[str], run: Callable[[AppContext], Awaitable[None]]
) -> None:
    """Run a handler, unless a request with one of these keys has taken effect."""
    if await app.db.read(received_requests.is_repeated, keys):
        return
    try:
        await run(app.for_request(keys))
    except RepeatedRequestError:  # meanwhile, in this or another process
        return


async def handle_view_closed(ack: AsyncAck) -> None:
    """Acknowledge a closed modal; nothing was submitted."""
    await ack()


async def handle_options(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, app: AppContext
) -> None:
    """Return the options of a menu for what is typed; none for a menu that the bot does not know.

    Raises:
        UnreadableRequestError: the payload is not one of ours.
    """
    payload = parse_suggestion(body)
    context[IS_READ] = True
    if payload.name not in OPTIONS:
        await ack(options=[])
        return
    requirement = REQUIRED_ROLES[payload.name]
    await app.require_role(payload.slack_id, requirement.role, requirement.activity)
    response = await OPTIONS[payload.name](app, payload)
    await ack(options=[dict(option) for option in response["options"]])


async def handle_command(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, app: AppContext
) -> None:
    """Dispatch a `/label` command; an unknown subcommand gets help."""
    command = parse_command(body, app.clock.now(), SUBCOMMANDS)
    context[IS_READ] = True
    subcommand = SUBCOMMANDS.get(command.tokens[0], SUBCOMMANDS["help"])
    replies: list[Message] = []

    async def run(request_app: AppContext) -> None:
        if subcommand.role:
            await app.require_role(command.slack_id, subcommand.role, subcommand.activity)
        replies.extend(_split_response(await subcommand.handler(request_app, command)))

    await _run_once(app, request_keys.command_keys(command), run)
    app.wake_outbox()
    first, *others = replies or [Message("", [])]
    arguments: dict[str, Any] = {"text": first.text, "blocks": first.blocks}
    await ack(**arguments)
    if others and command.response_url:
        app.run_in_background(send_parts(app, command.response_url, others))


def _split_response(response: CommandResponse) -> list[Message]:
    if not response:
        return []
    return split_message(response if isinstance(response, Message) else Message(response, []))


async def handle_event(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, app: AppContext
) -> None:
    """Dispatch an event. Events without a handler are acknowledged and ignored."""
    check_shape(EventCallbackShape, body)
    event = body["event"]
    handler = EVENTS.get(event.get("type", ""))
    if handler:
        check_shape(EVENT_SHAPES[event["type"]], event)
        context[IS_READ] = True

        async def run(request_app: AppContext) -> None:
            await handler(request_app, event)

        await _run_once(app, request_keys.event_keys(body), run)
        app.wake_outbox()
    await ack()
