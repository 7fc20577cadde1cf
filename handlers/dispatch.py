"""Dispatch from Bolt to handlers: parse, authorize, run the handler, wake the outbox, acknowledge.

The acknowledgment comes after the commit: whatever Slack considers received is stored.
"""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck

from bot.app_context import AppContext
from bot.slack.blockkit.message import Message
from bot.slack.parsing.action_ids import UnknownActionError
from handlers.payloads import Body, parse_action, parse_command, parse_submission
from handlers.registry import ACTIONS, EVENTS, REQUIRED_ROLES, SUBCOMMANDS, SUBMISSIONS


async def handle_action(ack: AsyncAck, body: Body, app: AppContext) -> None:
    """Dispatch a button click or menu choice.

    Raises:
        UnknownActionError: no handler is registered for the action.
    """
    payload = parse_action(body, app.clock.now())
    if payload.action.name not in ACTIONS:
        raise UnknownActionError
    await _authorize(app, payload.interaction.slack_id, payload.action.name)
    await ACTIONS[payload.action.name](app, payload)
    app.wake_outbox()
    await ack()


async def handle_submission(ack: AsyncAck, body: Body, app: AppContext) -> None:
    """Dispatch a submitted modal."""
    payload = parse_submission(body, app.clock.now())
    name = body["view"]["callback_id"]
    await _authorize(app, payload.interaction.slack_id, name)
    response = await SUBMISSIONS[name](app, payload)
    app.wake_outbox()
    await ack(dict(response) if response else "")


async def _authorize(app: AppContext, slack_id: str, name: str) -> None:
    """Authorize an action or modal: the payload authenticates a user but proves no role."""
    requirement = REQUIRED_ROLES.get(name)
    if requirement:
        await app.require_role(slack_id, requirement.role, requirement.activity)


async def handle_view_closed(ack: AsyncAck) -> None:
    """Acknowledge a closed modal; nothing was submitted."""
    await ack()


async def handle_command(ack: AsyncAck, body: Body, app: AppContext) -> None:
    """Dispatch a `/label` command; an unknown subcommand gets help."""
    command = parse_command(body, app.clock.now(), SUBCOMMANDS)
    subcommand = SUBCOMMANDS.get(command.tokens[0], SUBCOMMANDS["help"])
    if subcommand.role:
        await app.require_role(command.slack_id, subcommand.role, subcommand.activity)
    response = await subcommand.handler(app, command)
    app.wake_outbox()
    if isinstance(response, Message):
        await ack({"text": response.text, "blocks": response.blocks})
    else:
        await ack(response or "")


async def handle_event(ack: AsyncAck, body: Body, app: AppContext) -> None:
    """Dispatch an event. Events without a handler are acknowledged and ignored."""
    handler = EVENTS.get(body["event"].get("type", ""))
    if handler:
        await handler(app, body["event"])
        app.wake_outbox()
    await ack()
