"""From Bolt to the function that does it: unpack, do, wake the outbox, acknowledge.

The acknowledgement comes last, after the commit: what Slack is told has arrived is stored.
"""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.desk import Desk
from bot.slack.cards import Drawn
from bot.slack.ids import UnknownButtonError
from handlers.tables import COMMANDS, EVENTS, PRESSES, RESERVED, SUBMISSIONS
from handlers.triggers import Said, commanded_from, pressed_from, submitted_from


async def pressed(ack: AsyncAck, body: dict[str, Any], desk: Desk) -> None:
    """Somebody pressed a button or picked from a menu."""
    press = pressed_from(body, desk.clock.now())
    if press.button.deed not in PRESSES:
        raise UnknownButtonError
    await _check(desk, press.click.person, press.button.deed)
    await PRESSES[press.button.deed](desk, press)
    desk.wake()
    await ack()


async def submitted(ack: AsyncAck, body: dict[str, Any], desk: Desk) -> None:
    """Somebody sent a modal."""
    submission = submitted_from(body, desk.clock.now())
    name = body["view"]["callback_id"]
    await _check(desk, submission.click.person, name)
    answer = await SUBMISSIONS[name](desk, submission)
    desk.wake()
    await ack(**(answer or {}))


async def _check(desk: Desk, person: str, deed: str) -> None:
    """Let pass who may do it: a payload proves who acts, and nothing of what they may."""
    reserved = RESERVED.get(deed)
    if reserved:
        await desk.check(person, reserved.role, reserved.deed)


async def closed(ack: AsyncAck) -> None:
    """Somebody closed a modal: nothing was sent, nothing is to do."""
    await ack()


async def commanded(ack: AsyncAck, body: dict[str, Any], desk: Desk) -> None:
    """Somebody typed /label."""
    command = commanded_from(body, desk.clock.now(), COMMANDS)
    word = COMMANDS.get(command.words[0], COMMANDS["help"])
    if word.role:
        await desk.check(command.person, word.role, word.deed)
    said = await word.does(desk, command)
    desk.wake()
    await ack(**_acknowledgement(said))


def _acknowledgement(said: Said) -> dict[str, Any]:
    if isinstance(said, Drawn):
        return {"text": said.text, "blocks": said.blocks}
    return {"text": said} if said else {}


async def happened(ack: AsyncAck, body: dict[str, Any], desk: Desk) -> None:
    """Slack tells of an event; those we have no use for are only acknowledged."""
    hear = EVENTS.get(body["event"].get("type", ""))
    if hear:
        await hear(desk, body["event"])
        desk.wake()
    await ack()
