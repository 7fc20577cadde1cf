"""Channel membership and its events."""

from __future__ import annotations

from .events import send_event
from .json_codec import Json
from .workspace import Channel
from .world import World

CHANNEL_TYPES = {"public": ("C", "channels:read"), "private": ("G", "groups:read")}
"""The `channel_type` of membership events for each kind of channel, and the scope they need."""

LEFT_EVENTS = {"public": "channel_left", "private": "group_left"}
"""The event that an app receives when it is removed from each kind of channel."""


def add_member(world: World, channel: Channel, user_id: str, inviter_id: str = "") -> bool:
    """Add a user to `channel`; return False if they are already in it."""
    if user_id in channel.members:
        return False
    channel.members.add(user_id)
    world.workspace.notify_all()
    user_fields: Json = {"user": user_id} | ({"inviter": inviter_id} if inviter_id else {})
    _send_membership_event(world, channel, "member_joined_channel", user_fields)
    return True


def remove_member(world: World, channel: Channel, user_id: str, remover_id: str) -> bool:
    """Remove a user from `channel`; return False if they are not in it."""
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
    channel_type, scope = CHANNEL_TYPES[channel.kind]
    location = {
        "channel": channel.id,
        "channel_type": channel_type,
        "team": world.workspace.team_id,
    }
    send_event(world, kind, {"type": kind} | user_fields | location, scope)
