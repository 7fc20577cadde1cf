"""Who is in a channel, and how the app hears of it."""

from __future__ import annotations

from bot.sandbox.events import send_event
from bot.sandbox.json_codec import Json
from bot.sandbox.workspace import Channel
from bot.sandbox.world import World

CHANNEL_TYPES = {"public": ("C", "channels:read"), "private": ("G", "groups:read")}
"""What events call each kind of channel, and the scope that it takes to hear of its members."""

LEFT_EVENTS = {"public": "channel_left", "private": "group_left"}
"""What an app is told when it is removed itself."""


def add_member(world: World, channel: Channel, user_id: str, inviter_id: str = "") -> bool:
    """Let somebody be in `channel` from now on; False if she is in it already."""
    if user_id in channel.members:
        return False
    channel.members.add(user_id)
    world.workspace.notify_all()
    more = {"inviter": inviter_id} if inviter_id else {}
    _send_membership_event(world, channel, "member_joined_channel", {"user": user_id} | more)
    return True


def remove_member(world: World, channel: Channel, user_id: str, remover_id: str) -> bool:
    """Let somebody be in `channel` no longer; False if she is not in it."""
    if user_id not in channel.members:
        return False
    _send_membership_event(world, channel, "member_left_channel", {"user": user_id})
    if user_id == world.app.bot_user_id:
        kind = LEFT_EVENTS[channel.kind]
        send_event(world, kind, {"type": kind, "channel": channel.id, "actor_id": remover_id})
    channel.members.discard(user_id)
    world.workspace.notify_all()
    return True


def _send_membership_event(world: World, channel: Channel, kind: str, user_fields: Json) -> None:
    if world.app.bot_user_id not in channel.members:
        return
    letter, scope = CHANNEL_TYPES[channel.kind]
    place = {"channel": channel.id, "channel_type": letter, "team": world.workspace.team_id}
    send_event(world, kind, {"type": kind} | user_fields | place, scope)
