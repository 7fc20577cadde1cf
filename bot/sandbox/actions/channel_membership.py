"""Joining a channel, and inviting or removing other users or the app's bot."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import ActionRejectedError
from ..membership import add_member, remove_member
from ..workspace import Channel
from .actor import Actor


async def join(actor: Actor, channel_id: str) -> None:
    """Join a public channel.

    Raises:
        ActionRejectedError: if it is private or archived.
    """
    channel = _open_channel(actor, channel_id)
    if channel.kind == "private" and actor.id not in channel.members:
        raise ActionRejectedError({channel.name: "users must be invited to a private channel"})
    add_member(actor.world, channel, actor.id)


async def invite(actor: Actor, channel_id: str, user_ids: Sequence[str]) -> None:
    """Invite users to a channel.

    Raises:
        ActionRejectedError: if `actor` is not in the channel, or it is archived.
    """
    channel = _joined_channel(actor, channel_id)
    for user_id in user_ids:
        add_member(actor.world, channel, user_id, inviter_id=actor.id)


async def remove(actor: Actor, channel_id: str, user_ids: Sequence[str]) -> None:
    """Remove users from a channel; `actor` may be one of them.

    Raises:
        ActionRejectedError: if `actor` is not in the channel, or it is archived.
    """
    channel = _joined_channel(actor, channel_id)
    for user_id in user_ids:
        remove_member(actor.world, channel, user_id, remover_id=actor.id)


def _joined_channel(actor: Actor, channel_id: str) -> Channel:
    channel = _open_channel(actor, channel_id)
    if actor.id not in channel.members:
        raise ActionRejectedError({channel.name: "the user is not in this channel"})
    return channel


def _open_channel(actor: Actor, channel_id: str) -> Channel:
    channel = actor.workspace.channels[channel_id]
    if channel.kind == "im" or channel.is_archived:
        reason = "the members of a DM or an archived channel cannot change"
        raise ActionRejectedError({channel.name or channel.id: reason})
    return channel
