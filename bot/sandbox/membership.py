"""Who is in a channel, and how the app hears of it."""

from __future__ import annotations

from bot.sandbox.events import tell
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Channel
from bot.sandbox.world import World

KINDS = {"public": ("C", "channels:read"), "private": ("G", "groups:read")}
"""What events call each kind of channel, and the scope that it takes to hear of its members."""

LEFT = {"public": "channel_left", "private": "group_left"}
"""What an app is told when it is removed itself."""


def enter(world: World, channel: Channel, user_id: str, inviter: str = "") -> bool:
    """Let somebody be in `channel` from now on; False if she is in it already."""
    if user_id in channel.members:
        return False
    channel.members.add(user_id)
    world.workspace.changed_everywhere()
    more = {"inviter": inviter} if inviter else {}
    _tell(world, channel, "member_joined_channel", {"user": user_id} | more)
    return True


def leave(world: World, channel: Channel, user_id: str, remover: str) -> bool:
    """Let somebody be in `channel` no longer; False if she is not in it."""
    if user_id not in channel.members:
        return False
    _tell(world, channel, "member_left_channel", {"user": user_id})
    if user_id == world.app.bot_user:
        kind = LEFT[channel.kind]
        tell(world, kind, {"type": kind, "channel": channel.id, "actor_id": remover})
    channel.members.discard(user_id)
    world.workspace.changed_everywhere()
    return True


def _tell(world: World, channel: Channel, kind: str, who: Json) -> None:
    if world.app.bot_user not in channel.members:
        return
    letter, scope = KINDS[channel.kind]
    place = {"channel": channel.id, "channel_type": letter, "team": world.workspace.team_id}
    tell(world, kind, {"type": kind} | who | place, scope)
