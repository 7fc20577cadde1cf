"""Finding what an app names: channels, people and messages, as far as the app may see them."""

from __future__ import annotations

from bot.sandbox.api_json import user_json
from bot.sandbox.errors import WebApiError
from bot.sandbox.json_codec import Json
from bot.sandbox.workspace import Channel, Post, User
from bot.sandbox.world import SLACKBOT, World


def find_channel(world: World, name: str) -> Channel:
    """Return the channel with this id, if the app can see it.

    Raises:
        Refusal: `channel_not_found`, also for private channels that the app is not in.
    """
    channel = world.workspace.channels.get(name)
    if channel is None or not _can_see(world, channel):
        raise WebApiError(error="channel_not_found")
    return channel


def find_destination(world: World, name: str) -> Channel:
    """Return where to post: a channel by id or #name, or the direct message with a user.

    Raises:
        Refusal: `channel_not_found`, `not_in_channel`, `is_archived`, `messages_tab_disabled`.
    """
    channel = find_channel(world, _resolve_destination(world, name))
    if channel.is_archived:
        raise WebApiError(error="is_archived")
    if channel.kind == "im" and world.workspace.users[channel.user_id].deleted:
        raise WebApiError(error="channel_not_found")
    if channel.kind == "im" and not world.manifest.messages_tab:
        raise WebApiError(error="messages_tab_disabled")
    if world.app.bot_user_id not in channel.members and not _can_post_unjoined(world, channel):
        raise WebApiError(error="not_in_channel")
    return channel


def get_slackbot_channel(world: World, user_id: str) -> Channel:
    """Return the direct message between `person` and Slackbot, which no app can read."""
    channels = world.workspace.channels
    for channel in channels.values():
        if channel.kind == "im" and channel.members == {user_id, SLACKBOT}:
            return channel
    now = int(world.clock.now().timestamp())
    channel = Channel(world.ids.new("D"), "", "im", {user_id, SLACKBOT}, now, user_id=user_id)
    channels[channel.id] = channel
    return channel


def find_user(world: World, user_id: str) -> User:
    """Return the person or bot with this id.

    Raises:
        Refusal: `user_not_found`.
    """
    user = world.workspace.users.get(user_id)
    if user is None:
        raise WebApiError(error="user_not_found")
    return user


def visible_user_json(world: World, user: User) -> Json:
    """Return `user` as far as the app may see her."""
    may_see = "users:read.email" in world.manifest.scopes
    return user_json(user, world.workspace, world.clock.now(), email=may_see)


def find_post(channel: Channel, ts: str) -> Post:
    """Return the message at `ts`; ephemeral ones cannot be found.

    Raises:
        Refusal: `message_not_found`.
    """
    post = channel.posts.get(ts)
    if post is None:
        raise WebApiError(error="message_not_found")
    return post


def _resolve_destination(world: World, name: str) -> str:
    client = world.workspace.clients.get(name)
    if client is not None:
        return client.dm
    if name in world.workspace.channels:
        return name
    bare = name.removeprefix("#")
    channels = world.workspace.channels.values()
    return next(
        (channel.id for channel in channels if channel.kind != "im" and channel.name == bare), ""
    )


def _can_see(world: World, channel: Channel) -> bool:
    return channel.kind == "public" or world.app.bot_user_id in channel.members


def _can_post_unjoined(world: World, channel: Channel) -> bool:
    return channel.kind == "public" and "chat:write.public" in world.manifest.scopes
