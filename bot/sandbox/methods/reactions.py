"""reactions.*: what the app says with an emoji."""

from __future__ import annotations

import re

from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import Refusal
from bot.sandbox.finding import find_channel, find_post
from bot.sandbox.reacting import Reaction, take_back
from bot.sandbox.reacting import add as put
from bot.sandbox.wire import Json
from bot.sandbox.world import World

MOST_EMOJI = 23
"""Slack: "too_many_reactions" of one person, "too_many_emoji" on one message."""

_NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")
_TS = re.compile(r"\d+\.\d{6}")


def add(world: World, args: Arguments) -> Json:
    """reactions.add."""
    reaction = _reaction(world, args)
    if reaction.channel.is_archived:
        raise Refusal(error="is_archived")
    if reaction.name not in reaction.post.reactions and _is_full(reaction):
        raise Refusal(error="too_many_emoji")
    if not put(world, reaction):
        raise Refusal(error="already_reacted")
    return {}


def remove(world: World, args: Arguments) -> Json:
    """reactions.remove."""
    if not (args.has("channel") and args.has("timestamp")):
        raise Refusal(error="no_item_specified")
    if not take_back(world, _reaction(world, args)):
        raise Refusal(error="no_reaction")
    return {}


def _is_full(reaction: Reaction) -> bool:
    return len(reaction.post.reactions) >= MOST_EMOJI


def _reaction(world: World, args: Arguments) -> Reaction:
    name = args.text("name").strip(":")
    if not _NAME.fullmatch(name):
        raise Refusal(error="invalid_name")
    channel = find_channel(world, args.text("channel"))
    if not _TS.fullmatch(args.text("timestamp")):
        raise Refusal(error="bad_timestamp")
    found = find_post(channel, args.text("timestamp"))
    return Reaction(channel, found, name, world.app.bot_user)
