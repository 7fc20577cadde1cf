"""Lookups of channels, users and messages that an app names, limited to what it may see."""

from __future__ import annotations

from .api_json import user_json
from .errors import WebApiError
from .json_codec import Json
from .workspace import Channel, Post, User
from .world import SLACKBOT, World


def find_channel(world: World, channel_id: str) -> Channel:
    """Return the channel with this id, if the app can see it.

    Raises:
        WebApiError: `channel_not_found`, also for a private channel that the app is not in.
    """
    channel = world.workspace.channels.get(channel_id)
    if channel is None or not _can_see(world, channel):
        raise WebApiError(error="channel_not_found")
    return channel


def find_destination(world: World, name: str) -> Channel:
    """Return the channel to post in, given by its id, by #name, or by the id of a user to DM.

    Raises:
        WebApiError: `channel_not_found`, `not_in_channel`, `is_archived`, `messages_tab_disabled`.
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
    """Return the DM between a user and Slackbot, which no app can read; create it if needed."""
    channels = world.workspace.channels
    for channel in channels.values():
        if channel.kind == "im" and channel.members == {user_id, SLACKBOT}:
            return channel
    now = int(world.clock.now().timestamp())
    channel = Channel(world.ids.new("D"), "", "im", {user_id, SLACKBOT}, now, user_id=user_id)
    channels[channel.id] = channel
    return channel


def find_user(world: World, user_id: str) -> User:
    """Return the user or bot with this id.

    Raises:
        WebApiError: `user_not_found`.
    """
    user = world.workspace.users.get(user_id)
    if user is None:
        raise WebApiError(error="user_not_found")
    return user


def visible_user_json(world: World, user: User) -> Json:
    """Return `user` as the app may see it: with the e-mail address only if it has the scope."""
    can_see_email = "users:read.email" in world.manifest.scopes
    return user_json(user, world.workspace, world.clock.now(), world.url, email=can_see_email)


def find_post(channel: Channel, ts: str) -> Post:
    """Return the message at `ts`; ephemeral messages are not found.

    Raises:
        WebApiError: `message_not_found`.
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
    channel_name = name.removeprefix("#")
    for channel in world.workspace.channels.values():
        if channel.kind != "im" and channel.name == channel_name:
            return channel.id
    return ""


def _can_see(world: World, channel: Channel) -> bool:
    return channel.kind == "public" or world.app.bot_user_id in channel.members


def _can_post_unjoined(world: World, channel: Channel) -> bool:
    return channel.kind == "public" and "chat:write.public" in world.manifest.scopes
