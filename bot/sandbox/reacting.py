"""Reactions to messages, by people and by the app."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.events import tell
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Channel, Post
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji of somebody's under a message; `name` without colons."""

    channel: Channel
    post: Post
    name: str
    person: str


def add(world: World, reaction: Reaction) -> bool:
    """Put `reaction` under its message; False if it is there already."""
    people = reaction.post.reactions.setdefault(reaction.name, [])
    if reaction.person in people:
        return False
    people.append(reaction.person)
    _tell(world, reaction, "reaction_added")
    return True


def take_back(world: World, reaction: Reaction) -> bool:
    """Take `reaction` away; False if it is not there."""
    reactions = reaction.post.reactions
    people = reactions.get(reaction.name, [])
    if reaction.person not in people:
        return False
    people.remove(reaction.person)
    if not people:
        del reactions[reaction.name]
    _tell(world, reaction, "reaction_removed")
    return True


def _tell(world: World, reaction: Reaction, kind: str) -> None:
    channel, post = reaction.channel, reaction.post
    world.workspace.changed(channel)
    item = {"type": "message", "channel": channel.id, "ts": post.ts}
    event: Json = {"type": kind, "user": reaction.person, "reaction": reaction.name, "item": item}
    if world.app.bot_user in channel.members:
        tell(world, kind, event | {"item_user": post.user})
