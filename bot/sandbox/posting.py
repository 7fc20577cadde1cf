"""Messages: written, changed and removed, so that everybody concerned notices."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.errors import Refusal
from bot.sandbox.events import tell_changed, tell_deleted, tell_message, tell_shared
from bot.sandbox.shapes import post_json
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Channel, Post
from bot.sandbox.world import World

LONGEST_TEXT = 40_000
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


def post(world: World, channel: Channel, draft: Draft, author: str | None = None) -> Post:
    """Put a message into `channel`, by the app or by a person, and return it.

    Raises:
        Refusal: `no_text` if there is nothing in it.
    """
    if draft.is_empty:
        raise Refusal(error="no_text")
    written = _written(world, channel, draft, author)
    channel.posts[written.ts] = written
    world.workspace.changed(channel)
    tell_message(world, channel, written)
    tell_shared(world, channel, written)
    return written


def whisper(world: World, channel: Channel, draft: Draft, person: str) -> Post:
    """Show a message by the app in `channel` to `person` alone, and return it.

    Raises:
        Refusal: `no_text` if there is nothing in it.
    """
    if draft.is_empty:
        raise Refusal(error="no_text")
    written = _written(world, channel, draft, None)
    written.only_for = person
    desk = world.workspace.desks[person]
    desk.whispers[written.ts] = written
    desk.changed()
    return written


def edit(world: World, channel: Channel, old: Post, draft: Draft) -> None:
    """Let the message `old` say what `draft` does, by the rules of chat.update.

    A text without blocks removes the blocks; neither keeps them; attachments and metadata stay
    unless they are given.

    Raises:
        Refusal: `no_text` if nothing would be left.
    """
    before = post_json(old, world.workspace)
    _apply(world, old, draft)
    if old.only_for:
        world.workspace.desks[old.only_for].changed()
        return
    world.workspace.changed(channel)
    tell_changed(world, channel, before, old)


def remove(world: World, channel: Channel, old: Post) -> None:
    """Take the message `old` away."""
    if old.only_for:
        desk = world.workspace.desks[old.only_for]
        desk.whispers.pop(old.ts, None)
        desk.changed()
        return
    before = post_json(old, world.workspace)
    channel.posts.pop(old.ts, None)
    world.workspace.changed(channel)
    tell_deleted(world, channel, before)


def _apply(world: World, old: Post, draft: Draft) -> None:
    text, blocks = _rewritten(old, draft)
    attachments = old.attachments if draft.attachments is None else draft.attachments
    if not (text or blocks or attachments or old.files):
        raise Refusal(error="no_text")
    old.text, old.blocks, old.attachments = text, blocks, attachments
    if draft.metadata is not None:
        old.metadata = draft.metadata or None
    old.edited_ts = world.names.ts()
    old.shown = None


def _rewritten(old: Post, draft: Draft) -> tuple[str, list[Json]]:
    if draft.blocks is not None:
        return (draft.text if draft.text is not None else ""), draft.blocks
    if draft.text is not None:
        return draft.text, []
    return old.text, old.blocks


def _written(world: World, channel: Channel, draft: Draft, author: str | None) -> Post:
    app = world.app
    return Post(
        ts=world.names.ts(),
        channel=channel.id,
        user=author or app.bot_user,
        text=(draft.text or "")[:LONGEST_TEXT],
        blocks=draft.blocks or [],
        attachments=draft.attachments or [],
        files=draft.files,
        thread_ts=draft.thread_ts,
        subtype=draft.subtype,
        bot_id=None if author else app.bot_id,
        metadata=draft.metadata,
        client_msg_id=world.names.uuid() if author else None,
        username=draft.username,
        icons=draft.icons,
    )
