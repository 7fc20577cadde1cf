"""Posting, updating and deleting messages, with the events and screen updates they cause."""

from __future__ import annotations

from dataclasses import dataclass, field

from .api_json import post_json
from .errors import WebApiError
from .events import (
    send_file_shared,
    send_message_changed,
    send_message_deleted,
    send_message_posted,
)
from .json_codec import Json
from .workspace import Channel, Post
from .world import World

MAX_TEXT_CHARS = 40_000
"""Slack truncates a longer text when it is posted."""

BROADCAST_SUBTYPE = "thread_broadcast"
"""The subtype of a reply that the channel shows too."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of a message to post; `blocks` and `attachments` are None if not given."""

    text: str | None = None
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    metadata: Json | None = None
    thread_ts: str | None = None
    files: list[Json] = field(default_factory=list)
    username: str | None = None
    icons: Json | None = None
    subtype: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it has nothing to show."""
        return not (self.text or self.blocks or self.attachments or self.files)


def add_post(world: World, channel: Channel, draft: Draft, author: str | None = None) -> Post:
    """Post a message in `channel`, by the user `author` or by the app, and return it.

    Raises:
        WebApiError: `no_text` if the draft is empty.
    """
    if draft.is_empty:
        raise WebApiError(error="no_text")
    new_post = _create_post(world, channel, draft, author)
    channel.posts[new_post.ts] = new_post
    world.workspace.notify_channel(channel)
    send_message_posted(world, channel, new_post)
    send_file_shared(world, channel, new_post)
    return new_post


def add_ephemeral_post(world: World, channel: Channel, draft: Draft, user_id: str) -> Post:
    """Post an ephemeral message of the app in `channel` for one user, and return it.

    Raises:
        WebApiError: `no_text` if the draft is empty.
    """
    if draft.is_empty:
        raise WebApiError(error="no_text")
    new_post = _create_post(world, channel, draft, None)
    new_post.ephemeral_user_id = user_id
    client = world.workspace.clients[user_id]
    client.ephemeral_posts[new_post.ts] = new_post
    client.notify_change()
    return new_post


def update_post(world: World, channel: Channel, post: Post, draft: Draft) -> None:
    """Update `post` with `draft`, by the rules of chat.update.

    A text without blocks removes the blocks; without either, both are kept. Attachments and
    metadata are kept unless they are given.

    Raises:
        WebApiError: `no_text` if nothing would be left.
    """
    previous = post_json(post, world.workspace)
    _apply_draft(world, post, draft)
    if post.ephemeral_user_id:
        world.workspace.clients[post.ephemeral_user_id].notify_change()
        return
    world.workspace.notify_channel(channel)
    send_message_changed(world, channel, previous, post)


def broadcast_post(world: World, channel: Channel, post: Post) -> None:
    """Show `post`, a reply, in the channel too."""
    previous = post_json(post, world.workspace)
    post.subtype = BROADCAST_SUBTYPE
    world.workspace.notify_channel(channel)
    send_message_changed(world, channel, previous, post)


def delete_post(world: World, channel: Channel, post: Post) -> None:
    """Delete `post`."""
    if post.ephemeral_user_id:
        client = world.workspace.clients[post.ephemeral_user_id]
        client.ephemeral_posts.pop(post.ts, None)
        client.notify_change()
        return
    previous = post_json(post, world.workspace)
    channel.posts.pop(post.ts, None)
    world.workspace.notify_channel(channel)
    send_message_deleted(world, channel, previous)


def _apply_draft(world: World, post: Post, draft: Draft) -> None:
    text, blocks = _merge_content(post, draft)
    attachments = post.attachments if draft.attachments is None else draft.attachments
    if not (text or blocks or attachments or post.files):
        raise WebApiError(error="no_text")
    post.text, post.blocks, post.attachments = text, blocks, attachments
    if draft.metadata is not None:
        post.metadata = draft.metadata or None
    post.edited_ts = world.ids.ts()
    post.cached_text = None


def _merge_content(post: Post, draft: Draft) -> tuple[str, list[Json]]:
    if draft.blocks is not None:
        return (draft.text if draft.text is not None else ""), draft.blocks
    if draft.text is not None:
        return draft.text, []
    return post.text, post.blocks


def _create_post(world: World, channel: Channel, draft: Draft, author: str | None) -> Post:
    app = world.app
    return Post(
        ts=world.ids.ts(),
        channel=channel.id,
        user=author or app.bot_user_id,
        text=(draft.text or "")[:MAX_TEXT_CHARS],
        blocks=draft.blocks or [],
        attachments=draft.attachments or [],
        files=draft.files,
        thread_ts=draft.thread_ts,
        subtype=draft.subtype,
        bot_id=None if author else app.bot_id,
        metadata=draft.metadata,
        client_msg_id=world.ids.uuid() if author else None,
        username=draft.username,
        icons=draft.icons,
    )
