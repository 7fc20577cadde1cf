"""Going to the Home or Messages tab, using shortcuts, and saying whether one is there."""

from __future__ import annotations

from datetime import datetime

from bot.sandbox.deeds.actor import Actor
from bot.sandbox.deeds.interacting import Sent, interact
from bot.sandbox.errors import Rejected
from bot.sandbox.events import tell
from bot.sandbox.payloads import global_shortcut, message_shortcut
from bot.sandbox.shapes import user_json, view_json
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
        Rejected: if the message is gone or only she sees it.
    """
    channel = actor.workspace.channels[message.channel]
    found = channel.posts.get(message.ts)
    if found is None:
        raise Rejected({name: "the message is gone"})
    found.reactions.setdefault(name, []).append(actor.id)
    item = {"type": "message", "channel": channel.id, "ts": found.ts}
    event: Json = {"type": "reaction_added", "user": actor.id, "reaction": name, "item": item}
    if actor.world.app.bot_user in channel.members:
        tell(actor.world, "reaction_added", event | {"item_user": found.user})


async def join(actor: Actor, channel_id: str) -> None:
    """Let `actor` join a channel."""
    channel = actor.workspace.channels[channel_id]
    channel.members.add(actor.id)
    event: Json = {"type": "member_joined_channel", "user": actor.id, "channel": channel.id}
    letter = "G" if channel.kind == "private" else "C"
    if actor.world.app.bot_user in channel.members:
        event |= {"channel_type": letter, "team": actor.workspace.team_id}
        tell(actor.world, "member_joined_channel", event)


def _check_shortcut(actor: Actor, callback_id: str, kind: str) -> None:
    known = actor.world.manifest.shortcuts.get(callback_id)
    if known is None or known.type != kind:
        raise Rejected({callback_id: f"the app has no such {kind} shortcut"})


async def set_status(actor: Actor, text: str, emoji: str) -> None:
    """Let `actor` say how she is."""
    user = actor.user
    user.status_text, user.status_emoji = text, emoji
    _tell_of_change(actor)


async def snooze(actor: Actor, until: datetime | None) -> None:
    """Let `actor` ask not to be disturbed `until` then, or to be disturbed again."""
    actor.user.snoozes_until = until
    ends = int(until.timestamp()) if until else 1
    status = {"dnd_enabled": until is not None, "next_dnd_start_ts": 1, "next_dnd_end_ts": ends}
    event = {"type": "dnd_updated_user", "user": actor.id, "dnd_status": status}
    tell(actor.world, "dnd_updated_user", event)


async def deactivate(actor: Actor) -> None:
    """Let `actor` leave the workspace."""
    actor.user.deleted = True
    _tell_of_change(actor)


def _tell_of_change(actor: Actor) -> None:
    user = actor.user
    user.updated = int(actor.world.clock.now().timestamp())
    may_see = "users:read.email" in actor.world.manifest.scopes
    shape = user_json(user, actor.workspace, actor.world.clock.now(), email=may_see)
    tell(actor.world, "user_change", {"type": "user_change", "user": shape})
