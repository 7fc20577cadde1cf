"""Coming into a channel and going out of it, alone or with others; the app's bot is one of them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.sandbox.actions.actor import Actor
from bot.sandbox.errors import ActionRejectedError
from bot.sandbox.membership import add_member, remove_member
from bot.sandbox.workspace import Channel


async def join(actor: Actor, channel_id: str) -> None:
    """Let `actor` join a public channel.

    Raises:
        Rejected: if it is private or archived.
    """
    channel = _open_channel(actor, channel_id)
    if channel.kind == "private" and actor.id not in channel.members:
        raise ActionRejectedError({channel.name: "one has to be invited to a private channel"})
    add_member(actor.world, channel, actor.id)


async def invite(actor: Actor, channel_id: str, others: Sequence[str]) -> None:
    """Let `actor` invite `others`, by their ids, to a channel.

    Raises:
        Rejected: if she is not in it herself, or it is archived.
    """
    channel = _joined_channel(actor, channel_id)
    for one in others:
        add_member(actor.world, channel, one, inviter_id=actor.id)


async def remove(actor: Actor, channel_id: str, others: Sequence[str]) -> None:
    """Let `actor` remove `others`, by their ids, from a channel, or leave it herself.

    Raises:
        Rejected: if she is not in it, or it is archived.
    """
    channel = _joined_channel(actor, channel_id)
    for one in others:
        remove_member(actor.world, channel, one, remover_id=actor.id)


def _joined_channel(actor: Actor, channel_id: str) -> Channel:
    channel = _open_channel(actor, channel_id)
    if actor.id not in channel.members:
        raise ActionRejectedError({channel.name: "she is not in this channel"})
    return channel


def _open_channel(actor: Actor, channel_id: str) -> Channel:
    channel = actor.workspace.channels[channel_id]
    if channel.kind == "im" or channel.is_archived:
        raise ActionRejectedError({channel.name or "message": "nobody comes in or goes out here"})
    return channel
