"""reactions.*: emoji reactions by the app."""

from __future__ import annotations

import re

from ..arguments import Arguments
from ..emoji import find_emoji
from ..errors import WebApiError
from ..json_codec import Json
from ..lookups import find_channel, find_post
from ..reactions import Reaction, delete_reaction, store_reaction
from ..world import World

MAX_EMOJI = 23
"""Distinct emoji on one message; Slack's error beyond it is "too_many_emoji".

"too_many_reactions" is the error for the reactions of one user.
"""

_TIMESTAMP = re.compile(r"\d+\.\d{6}")


def add(world: World, args: Arguments) -> Json:
    """Handle reactions.add."""
    reaction = _read_reaction(world, args)
    if reaction.channel.is_archived:
        raise WebApiError(error="is_archived")
    if reaction.name not in reaction.post.reactions and _has_max_emoji(reaction):
        raise WebApiError(error="too_many_emoji")
    if not store_reaction(world, reaction):
        raise WebApiError(error="already_reacted")
    return {}


def remove(world: World, args: Arguments) -> Json:
    """Handle reactions.remove."""
    if not (args.has("channel") and args.has("timestamp")):
        raise WebApiError(error="no_item_specified")
    if not delete_reaction(world, _read_reaction(world, args)):
        raise WebApiError(error="no_reaction")
    return {}


def _has_max_emoji(reaction: Reaction) -> bool:
    return len(reaction.post.reactions) >= MAX_EMOJI


def _read_reaction(world: World, args: Arguments) -> Reaction:
    name = args.text("name").strip(":")
    if find_emoji(name) is None:
        raise WebApiError(error="invalid_name")
    channel = find_channel(world, args.text("channel"))
    if not _TIMESTAMP.fullmatch(args.text("timestamp")):
        raise WebApiError(error="bad_timestamp")
    post = find_post(channel, args.text("timestamp"))
    return Reaction(channel, post, name, world.app.bot_user_id)
