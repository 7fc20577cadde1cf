"""Going to the Home or Messages tab, using shortcuts, and reacting to messages."""

from __future__ import annotations

from bot.sandbox.deeds.actor import Actor
from bot.sandbox.deeds.interacting import Sent, interact
from bot.sandbox.errors import Rejected
from bot.sandbox.events import tell
from bot.sandbox.payloads import global_shortcut, message_shortcut
from bot.sandbox.reacting import Reaction, add, take_back
from bot.sandbox.shapes import view_json
from bot.sandbox.snapshots import Message
from bot.sandbox.wire import Json


async def open_tab(actor: Actor, tab: str) -> None:
    """Let `actor` open the app's `home` or `messages` tab; the app hears of it as an event.

    Raises:
        Rejected: if the app has no Home tab.
    """
    if tab == "home" and not actor.world.manifest.home_tab:
        raise Rejected({"home": "the app has no Home tab"})
    desk = actor.desk
    desk.at_home = tab == "home"
    event: Json = {"type": "app_home_opened", "user": actor.id, "channel": desk.dm, "tab": tab}
    if desk.home and tab == "home":
        event["view"] = view_json(desk.home, actor.workspace)
    tell(actor.world, "app_home_opened", event)
    desk.changed()


async def use_shortcut(actor: Actor, callback_id: str) -> Sent:
    """Let `actor` use a global shortcut.

    Raises:
        Rejected: if the manifest has no such shortcut.
        NotAcknowledged: if the app does not answer in time and with 200.
    """
    _check_shortcut(actor, callback_id, "global")
    return await interact(actor.world, global_shortcut(actor.world, actor.id, callback_id))


async def use_message_shortcut(actor: Actor, callback_id: str, message: Message) -> Sent:
    """Let `actor` use a message shortcut.

    Raises:
        Rejected: if the manifest has no such shortcut.
        NotAcknowledged: if the app does not answer in time and with 200.
    """
    _check_shortcut(actor, callback_id, "message")
    return await interact(
        actor.world, message_shortcut(actor.world, actor.id, callback_id, message.post)
    )


async def react(actor: Actor, name: str, message: Message) -> None:
    """Let `actor` react to a message with the emoji called `name`.

    Raises:
        Rejected: if the message is gone, only she sees it, or she did so before.
    """
    if not add(actor.world, _reaction(actor, name, message)):
        raise Rejected({name: "she reacted so before"})


async def take_reaction(actor: Actor, name: str, message: Message) -> None:
    """Let `actor` take back that she reacted to a message with the emoji called `name`.

    Raises:
        Rejected: if the message is gone, or she did not.
    """
    if not take_back(actor.world, _reaction(actor, name, message)):
        raise Rejected({name: "she has not reacted so"})


def _reaction(actor: Actor, name: str, message: Message) -> Reaction:
    channel = actor.workspace.channels[message.channel]
    found = channel.posts.get(message.ts)
    if found is None:
        raise Rejected({name: "the message is gone"})
    return Reaction(channel, found, name, actor.id)


def _check_shortcut(actor: Actor, callback_id: str, kind: str) -> None:
    known = actor.world.manifest.shortcuts.get(callback_id)
    if known is None or known.type != kind:
        raise Rejected({callback_id: f"the app has no such {kind} shortcut"})
