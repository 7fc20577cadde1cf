"""Messages: written, changed and removed, so that everybody concerned notices."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.api_json import post_json
from bot.sandbox.errors import WebApiError
from bot.sandbox.events import (
    send_file_shared,
    send_message_changed,
    send_message_deleted,
    send_message_posted,
)
from bot.sandbox.json_codec import Json
from bot.sandbox.workspace import Channel, Post
from bot.sandbox.world import World

MAX_TEXT_CHARS = 40_000
"""Slack truncates a longer text when it is posted."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a message is to say. `blocks` and `attachments` are None where none were given."""

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
        """Whether there is nothing in it to show."""
        return not (self.text or self.blocks or self.attachments or self.files)


def add_post(world: World, channel: Channel, draft: Draft, author: str | None = None) -> Post:
    """Put a message into `channel`, by the app or by a person, and return it.

    Raises:
        Refusal: `no_text` if there is nothing in it.
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
    """Show a message by the app in `channel` to `person` alone, and return it.

    Raises:
        Refusal: `no_text` if there is nothing in it.
    """
    if draft.is_empty:
        raise WebApiError(error="no_text")
    new_post = _create_post(world, channel, draft, None)
    new_post.ephemeral_user_id = user_id
    client = world.workspace.clients[user_id]
    client.ephemeral_posts[new_post.ts] = new_post
    client.notify_change()
    return new_post


def update_post(world: World, channel: Channel, old: Post, draft: Draft) -> None:
    """Let the message `old` say what `draft` does, by the rules of chat.update.

    A text without blocks removes the blocks; neither keeps them; attachments and metadata stay
    unless they are given.

    Raises:
        Refusal: `no_text` if nothing would be left.
    """
    before = post_json(old, world.workspace)
    _apply_draft(world, old, draft)
    if old.ephemeral_user_id:
        world.workspace.clients[old.ephemeral_user_id].notify_change()
        return
    world.workspace.notify_channel(channel)
    send_message_changed(world, channel, before, old)


def delete_post(world: World, channel: Channel, old: Post) -> None:
    """Take the message `old` away."""
    if old.ephemeral_user_id:
        client = world.workspace.clients[old.ephemeral_user_id]
        client.ephemeral_posts.pop(old.ts, None)
        client.notify_change()
        return
    before = post_json(old, world.workspace)
    channel.posts.pop(old.ts, None)
    world.workspace.notify_channel(channel)
    send_message_deleted(world, channel, before)


def _apply_draft(world: World, old: Post, draft: Draft) -> None:
    text, blocks = _merge_content(old, draft)
    attachments = old.attachments if draft.attachments is None else draft.attachments
    if not (text or blocks or attachments or old.files):
        raise WebApiError(error="no_text")
    old.text, old.blocks, old.attachments = text, blocks, attachments
    if draft.metadata is not None:
        old.metadata = draft.metadata or None
    old.edited_ts = world.ids.ts()
    old.cached_text = None


def _merge_content(old: Post, draft: Draft) -> tuple[str, list[Json]]:
    if draft.blocks is not None:
        return (draft.text if draft.text is not None else ""), draft.blocks
    if draft.text is not None:
        return draft.text, []
    return old.text, old.blocks


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
