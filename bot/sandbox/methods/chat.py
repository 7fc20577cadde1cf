"""chat.*: what the app says."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.arguments import Arguments
from bot.sandbox.calling import missing_scope
from bot.sandbox.checking import stored_content
from bot.sandbox.errors import Refusal, TooMany
from bot.sandbox.finding import (
    find_channel,
    find_destination,
    find_post,
    find_user,
    slackbot_channel,
)
from bot.sandbox.posting import Draft, edit, post, remove, whisper
from bot.sandbox.shapes import post_json
from bot.sandbox.wire import Json, encode
from bot.sandbox.workspace import Channel, Post
from bot.sandbox.world import World

LONGEST_UPDATE = 4_000
"""Slack: in chat.update "the text field cannot exceed 4,000 characters"."""

LONGEST_MARKDOWN = 12_000
LARGEST_METADATA = 8_000


def post_message(world: World, args: Arguments) -> Json:
    """chat.postMessage."""
    channel = _destination(world, args)
    draft = read_draft(world, args, channel)
    wait = world.limits.wait("chat.postMessage per channel", scope=channel.id)
    if wait:
        raise TooMany(wait)
    channel.is_open = True
    written = post(world, channel, draft)
    message = post_json(written, world.workspace)
    return {"channel": channel.id, "ts": written.ts, "message": message}


def post_ephemeral(world: World, args: Arguments) -> Json:
    """chat.postEphemeral."""
    channel = find_destination(world, args.text("channel"))
    person = find_user(world, args.text("user")).id
    if person not in channel.members or person not in world.workspace.desks:
        raise Refusal(error="user_not_in_channel")
    _check_length(args)
    return {"message_ts": whisper(world, channel, read_draft(world, args, channel), person).ts}


def update(world: World, args: Arguments) -> Json:
    """chat.update."""
    channel, old = _own_post(world, args, "cant_update_message")
    _check_length(args)
    draft = read_draft(world, args, channel)
    _check_rich_text(old, draft)
    edit(world, channel, old, draft)
    message = post_json(old, world.workspace)
    return {"channel": channel.id, "ts": old.ts, "text": old.text, "message": message}


def delete(world: World, args: Arguments) -> Json:
    """chat.delete."""
    channel, old = _own_post(world, args, "cant_delete_message")
    remove(world, channel, old)
    return {"channel": channel.id, "ts": old.ts}


def get_permalink(world: World, args: Arguments) -> Json:
    """chat.getPermalink."""
    channel = find_channel(world, args.text("channel"))
    found = find_post(channel, args.text("message_ts"))
    address = f"{world.url}/archives/{channel.id}/p{found.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": address}


def read_draft(world: World, args: Arguments, channel: Channel) -> Draft:
    """Return what the arguments of a chat method want to say in `channel`.

    Raises:
        Refusal: if Slack would not take it.
    """
    text = args.text("text") if "text" in args.values else None
    blocks = _json(args, "blocks", "invalid_blocks_format")
    attachments = _json(args, "attachments", "invalid_attachments")
    content = stored_content(world, blocks, attachments)
    markdown = _markdown(args, text, content.blocks)
    return Draft(
        text=markdown or text,
        blocks=content.blocks,
        attachments=content.attachments,
        metadata=_metadata(args),
        thread_ts=_thread(channel, args),
        username=_custom(world, args),
    )


def _destination(world: World, args: Arguments) -> Channel:
    """Return where to post.

    A message to a user id that comes under another name lands in the person's conversation with
    Slackbot, as Slack documents; under a channel id it does not.
    """
    channel = find_destination(world, args.text("channel"))
    if channel.id != args.text("channel") and channel.kind == "im" and _has_custom_name(args):
        return slackbot_channel(world, channel.person)
    return channel


def _own_post(world: World, args: Arguments, otherwise: str) -> tuple[Channel, Post]:
    channel = find_channel(world, args.text("channel"))
    old = find_post(channel, args.text("ts"))
    if old.bot_id != world.app.bot_id:
        raise Refusal(otherwise)
    return channel, old


def _check_length(args: Arguments) -> None:
    if len(args.text("text")) > LONGEST_UPDATE:
        raise Refusal(error="msg_too_long")


def _check_rich_text(old: Post, draft: Draft) -> None:
    """Refuse to replace rich text by other blocks, as Slack documents `block_mismatch`."""
    if draft.blocks and _rich(old.blocks) and not _rich(draft.blocks):
        raise Refusal(error="block_mismatch")


def _rich(blocks: list[Json]) -> bool:
    return any(block["type"] == "rich_text" for block in blocks)


def _json(args: Arguments, name: str, otherwise: str) -> object:
    try:
        return args.data(name)
    except ValueError:
        raise Refusal(otherwise) from None


def _markdown(args: Arguments, text: str | None, blocks: list[Json] | None) -> str:
    markdown = args.text("markdown_text")
    if markdown and (text or blocks):
        raise Refusal(error="markdown_text_conflict")
    if len(markdown) > LONGEST_MARKDOWN:
        raise Refusal(error="msg_too_long")
    return markdown


def _metadata(args: Arguments) -> Json | None:
    given = _json(args, "metadata", "invalid_metadata_format")
    if given is None or given == {}:
        return given
    if not _is_metadata(given):
        raise Refusal(error="invalid_metadata_format")
    if len(encode(given)) > LARGEST_METADATA:
        raise Refusal(error="metadata_too_large")
    return dict(given) if isinstance(given, Mapping) else None


def _is_metadata(given: object) -> bool:
    return (
        isinstance(given, dict)
        and isinstance(given.get("event_type"), str)
        and isinstance(given.get("event_payload"), dict)
    )


def _thread(channel: Channel, args: Arguments) -> str | None:
    """Return the thread to answer in; a reply's own ts stands for its thread."""
    thread = args.text("thread_ts")
    if not thread:
        return None
    parent = channel.posts.get(thread)
    if parent is None:
        raise Refusal(error="cannot_reply_to_message")
    return parent.thread_ts or thread


def _custom(world: World, args: Arguments) -> str | None:
    if _has_custom_name(args) and "chat:write.customize" not in world.manifest.scopes:
        raise missing_scope(world, ("chat:write.customize",))
    return args.text("username") or None


def _has_custom_name(args: Arguments) -> bool:
    return any(args.has(name) for name in ("username", "icon_emoji", "icon_url"))
