"""Opening the app's tabs, using shortcuts, and reacting to messages."""

from __future__ import annotations

from ..api_json import view_json
from ..emoji import find_emoji
from ..errors import ActionRejectedError
from ..events import send_event
from ..json_codec import Json
from ..payloads import global_shortcut, message_shortcut
from ..reactions import Reaction, delete_reaction, store_reaction
from ..snapshots import MessageSnapshot
from .actor import Actor
from .interactions import InteractionResult, send_interaction


async def open_tab(actor: Actor, tab: str) -> None:
    """Open the app's `home` or `messages` tab and send app_home_opened.

    Raises:
        ActionRejectedError: if the app has no such tab.
    """
    manifest = actor.world.manifest
    if tab == "home" and not manifest.home_tab:
        raise ActionRejectedError({"home": "the app has no Home tab"})
    if tab == "messages" and not manifest.messages_tab:
        raise ActionRejectedError({"messages": "the app has no Messages tab"})
    client = actor.client
    client.is_home_open = tab == "home"
    event: Json = {"type": "app_home_opened", "user": actor.id, "channel": client.dm, "tab": tab}
    if client.home and tab == "home":
        event["view"] = view_json(client.home, actor.workspace)
    send_event(actor.world, "app_home_opened", event)
    client.notify_change()


async def use_shortcut(actor: Actor, callback_id: str) -> InteractionResult:
    """Use a global shortcut.

    Raises:
        ActionRejectedError: if the manifest has no such shortcut.
        NotAcknowledgedError: if the app did not respond in time with status 200.
    """
    _check_shortcut(actor, callback_id, "global")
    return await send_interaction(actor.world, global_shortcut(actor.world, actor.id, callback_id))


async def use_message_shortcut(
    actor: Actor, callback_id: str, message: MessageSnapshot
) -> InteractionResult:
    """Use a message shortcut.

    Raises:
        ActionRejectedError: if the manifest has no such shortcut.
        NotAcknowledgedError: if the app did not respond in time with status 200.
    """
    _check_shortcut(actor, callback_id, "message")
    return await send_interaction(
        actor.world, message_shortcut(actor.world, actor.id, callback_id, message.post)
    )


async def react(actor: Actor, name: str, message: MessageSnapshot) -> None:
    """React to a message with the emoji called `name`.

    Raises:
        ActionRejectedError: if there is no such emoji, the message was deleted or is ephemeral, or
            the reaction exists.
    """
    if find_emoji(name) is None:
        raise ActionRejectedError({name: "not the name of an emoji"})
    if not store_reaction(actor.world, _build_reaction(actor, name, message)):
        raise ActionRejectedError({name: "the user has already added this reaction"})


async def unreact(actor: Actor, name: str, message: MessageSnapshot) -> None:
    """Remove the reaction of `actor` with the emoji called `name`.

    Raises:
        ActionRejectedError: if the message was deleted, or there is no such reaction.
    """
    if not delete_reaction(actor.world, _build_reaction(actor, name, message)):
        raise ActionRejectedError({name: "the user has not added this reaction"})


def _build_reaction(actor: Actor, name: str, message: MessageSnapshot) -> Reaction:
    channel = actor.workspace.channels[message.channel]
    post = channel.posts.get(message.ts)
    if post is None:
        raise ActionRejectedError({name: "the message was deleted or is ephemeral"})
    return Reaction(channel, post, name, actor.id)


def _check_shortcut(actor: Actor, callback_id: str, kind: str) -> None:
    shortcut = actor.world.manifest.shortcuts.get(callback_id)
    if shortcut is None or shortcut.type != kind:
        raise ActionRejectedError({callback_id: f"the app has no such {kind} shortcut"})
