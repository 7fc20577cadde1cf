"""Reactions to messages, by people and by the app."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.events import send_event
from bot.sandbox.json_codec import Json
from bot.sandbox.workspace import Channel, Post
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji of somebody's under a message; `name` without colons."""

    channel: Channel
    post: Post
    name: str
    user_id: str


def store_reaction(world: World, reaction: Reaction) -> bool:
    """Put `reaction` under its message; False if it is there already."""
    people = reaction.post.reactions.setdefault(reaction.name, [])
    if reaction.user_id in people:
        return False
    people.append(reaction.user_id)
    _send_reaction_event(world, reaction, "reaction_added")
    return True


def delete_reaction(world: World, reaction: Reaction) -> bool:
    """Take `reaction` away; False if it is not there."""
    reactions = reaction.post.reactions
    people = reactions.get(reaction.name, [])
    if reaction.user_id not in people:
        return False
    people.remove(reaction.user_id)
    if not people:
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
