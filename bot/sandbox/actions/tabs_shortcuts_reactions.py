"""Going to the Home or Messages tab, using shortcuts, and reacting to messages."""

from __future__ import annotations

from bot.sandbox.actions.actor import Actor
from bot.sandbox.actions.interactions import InteractionResult, send_interaction
from bot.sandbox.api_json import view_json
from bot.sandbox.errors import ActionRejectedError
from bot.sandbox.events import send_event
from bot.sandbox.json_codec import Json
from bot.sandbox.payloads import global_shortcut, message_shortcut
from bot.sandbox.reactions import Reaction, delete_reaction, store_reaction
from bot.sandbox.snapshots import MessageSnapshot


async def open_tab(actor: Actor, tab: str) -> None:
    """Let `actor` open the app's `home` or `messages` tab; the app hears of it as an event.

    Raises:
        Rejected: if the app has no Home tab.
    """
    if tab == "home" and not actor.world.manifest.home_tab:
        raise ActionRejectedError({"home": "the app has no Home tab"})
    client = actor.client
    client.is_home_open = tab == "home"
    event: Json = {"type": "app_home_opened", "user": actor.id, "channel": client.dm, "tab": tab}
    if client.home and tab == "home":
        event["view"] = view_json(client.home, actor.workspace)
    send_event(actor.world, "app_home_opened", event)
    client.notify_change()


async def use_shortcut(actor: Actor, callback_id: str) -> InteractionResult:
    """Let `actor` use a global shortcut.

    Raises:
        Rejected: if the manifest has no such shortcut.
        NotAcknowledged: if the app does not answer in time and with 200.
    """
    _check_shortcut(actor, callback_id, "global")
    return await send_interaction(actor.world, global_shortcut(actor.world, actor.id, callback_id))


async def use_message_shortcut(
    actor: Actor, callback_id: str, message: MessageSnapshot
) -> InteractionResult:
    """Let `actor` use a message shortcut.

    Raises:
        Rejected: if the manifest has no such shortcut.
        NotAcknowledged: if the app does not answer in time and with 200.
    """
    _check_shortcut(actor, callback_id, "message")
    return await send_interaction(
        actor.world, message_shortcut(actor.world, actor.id, callback_id, message.post)
    )


async def react(actor: Actor, name: str, message: MessageSnapshot) -> None:
    """Let `actor` react to a message with the emoji called `name`.

    Raises:
        Rejected: if the message is gone, only she sees it, or she did so before.
    """
    if not store_reaction(actor.world, _build_reaction(actor, name, message)):
        raise ActionRejectedError({name: "she reacted so before"})


async def unreact(actor: Actor, name: str, message: MessageSnapshot) -> None:
    """Let `actor` take back that she reacted to a message with the emoji called `name`.

    Raises:
        Rejected: if the message is gone, or she did not.
    """
    if not delete_reaction(actor.world, _build_reaction(actor, name, message)):
        raise ActionRejectedError({name: "she has not reacted so"})


def _build_reaction(actor: Actor, name: str, message: MessageSnapshot) -> Reaction:
    channel = actor.workspace.channels[message.channel]
    found = channel.posts.get(message.ts)
    if found is None:
        raise ActionRejectedError({name: "the message is gone"})
    return Reaction(channel, found, name, actor.id)


def _check_shortcut(actor: Actor, callback_id: str, kind: str) -> None:
    known = actor.world.manifest.shortcuts.get(callback_id)
    if known is None or known.type != kind:
        raise ActionRejectedError({callback_id: f"the app has no such {kind} shortcut"})
