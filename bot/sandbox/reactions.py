"""Reactions to messages, by users and by the app."""

from __future__ import annotations

from dataclasses import dataclass

from .events import send_event
from .json_codec import Json
from .workspace import Channel, Post
from .world import World


@dataclass(frozen=True, slots=True)
class Reaction:
    """A user's emoji reaction to a message; `name` without colons."""

    channel: Channel
    post: Post
    name: str
    user_id: str


def store_reaction(world: World, reaction: Reaction) -> bool:
    """Add `reaction` to its message; return False if it exists already."""
    user_ids = reaction.post.reactions.setdefault(reaction.name, [])
    if reaction.user_id in user_ids:
        return False
    user_ids.append(reaction.user_id)
    _send_reaction_event(world, reaction, "reaction_added")
    return True


def delete_reaction(world: World, reaction: Reaction) -> bool:
    """Remove `reaction` from its message; return False if it does not exist."""
    reactions = reaction.post.reactions
    user_ids = reactions.get(reaction.name, [])
    if reaction.user_id not in user_ids:
        return False
    user_ids.remove(reaction.user_id)
    if not user_ids:
        del reactions[reaction.name]
    _send_reaction_event(world, reaction, "reaction_removed")
    return True


def _send_reaction_event(world: World, reaction: Reaction, kind: str) -> None:
    channel, post = reaction.channel, reaction.post
    world.workspace.notify_channel(channel)
    item = {"type": "message", "channel": channel.id, "ts": post.ts}
    event: Json = {"type": kind, "user": reaction.user_id, "reaction": reaction.name, "item": item}
    if world.app.bot_user_id in channel.members:
        send_event(world, kind, event | {"item_user": post.user})
