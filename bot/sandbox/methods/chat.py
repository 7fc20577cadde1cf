"""chat.*: messages from the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..api_json import file_json, post_json
from ..arguments import Arguments
from ..block_validation import prepare_content
from ..errors import RateLimitedError, WebApiError
from ..file_transfer import linked_files
from ..json_codec import Json, encode
from ..lookups import (
    find_channel,
    find_destination,
    find_post,
    find_user,
    get_slackbot_channel,
)
from ..messages import (
    BROADCAST_SUBTYPE,
    MAX_TEXT_CHARS,
    Draft,
    add_ephemeral_post,
    add_post,
    broadcast_post,
    delete_post,
    update_post,
)
from ..web_api import missing_scope_error
from ..workspace import Channel, Post
from ..world import World

MAX_UPDATE_CHARS = 4_000
"""Slack: in chat.update "the text field cannot exceed 4,000 characters"."""

TRUNCATED = "message_truncated"
"""The warning in the response to a message whose text was cut."""

MAX_MARKDOWN_CHARS = 12_000
MAX_METADATA_BYTES = 8_000


def post_message(world: World, args: Arguments) -> Json:
    """Handle chat.postMessage."""
    channel = _find_message_destination(world, args)
    draft = read_draft(world, args, channel)
    wait = world.limits.retry_after("chat.postMessage per channel", scope=channel.id)
    if wait:
        raise RateLimitedError(wait)
    channel.is_open = True
    new_post = add_post(world, channel, _share_linked_files(world, channel, draft))
    message = post_json(new_post, world.workspace)
    response: Json = {"channel": channel.id, "ts": new_post.ts, "message": message}
    if len(args.text("text")) > MAX_TEXT_CHARS:
        response |= {"warning": TRUNCATED, "response_metadata": {"warnings": [TRUNCATED]}}
    return response


def _share_linked_files(world: World, channel: Channel, draft: Draft) -> Draft:
    """Return a message with the files that its text links to; blocks replace the text."""
    files = [] if draft.blocks else linked_files(world, draft.text or "")
    for file in files:
        file.channels.add(channel.id)
    return replace(draft, files=[file_json(file, world.workspace, world.url) for file in files])


def post_ephemeral(world: World, args: Arguments) -> Json:
    """Handle chat.postEphemeral."""
    channel = find_destination(world, args.text("channel"))
    user_id = find_user(world, args.text("user")).id
    if user_id not in channel.members or user_id not in world.workspace.clients:
        raise WebApiError(error="user_not_in_channel")
    _check_length(args)
    draft = read_draft(world, args, channel)
    return {"message_ts": add_ephemeral_post(world, channel, draft, user_id).ts}


def update(world: World, args: Arguments) -> Json:
    """Handle chat.update."""
    channel, post = _own_post(world, args, "cant_update_message")
    _check_length(args)
    draft = read_draft(world, args, channel)
    _check_rich_text(post, draft)
    if args.flag("reply_broadcast"):
        _broadcast(world, channel, post, draft)
    else:
        update_post(world, channel, post, draft)
    message = post_json(post, world.workspace)
    return {"channel": channel.id, "ts": post.ts, "text": post.text, "message": message}


def delete(world: World, args: Arguments) -> Json:
    """Handle chat.delete."""
    channel, post = _own_post(world, args, "cant_delete_message")
    delete_post(world, channel, post)
    return {"channel": channel.id, "ts": post.ts}


def get_permalink(world: World, args: Arguments) -> Json:
    """Handle chat.getPermalink."""
    channel = find_channel(world, args.text("channel"))
    post = find_post(channel, args.text("message_ts"))
    permalink = f"{world.url}/archives/{channel.id}/p{post.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": permalink}


def _broadcast(world: World, channel: Channel, post: Post, draft: Draft) -> None:
    """Show an old reply in the channel too."""
    if not post.thread_ts or post.thread_ts == post.ts:
        raise WebApiError(error="cant_broadcast_message")
    if not draft.is_empty:
        raise WebApiError(error="no_dual_broadcast_content_update")
    broadcast_post(world, channel, post)


def read_draft(world: World, args: Arguments, channel: Channel) -> Draft:
    """Return the message for `channel` that the arguments of a chat method describe.

    Raises:
        WebApiError: if Slack would reject it.
    """
    text = args.text("text") if "text" in args.values else None
    blocks = _json_argument(args, "blocks", "invalid_blocks_format")
    attachments = _json_argument(args, "attachments", "invalid_attachments")
    content = prepare_content(world, blocks, attachments)
    markdown = _markdown_text(args, text, content.blocks)
    thread_ts = _resolve_thread(channel, args)
    is_broadcast = thread_ts is not None and args.flag("reply_broadcast")
    return Draft(
        text=markdown or text,
        blocks=content.blocks,
        attachments=content.attachments,
        metadata=_read_metadata(args),
        thread_ts=thread_ts,
        subtype=BROADCAST_SUBTYPE if is_broadcast else None,
        username=_custom_username(world, args),
    )


def _find_message_destination(world: World, args: Arguments) -> Channel:
    """Return the channel of the new message.

    As Slack documents, a message to a user id under a custom name goes to the user's conversation
    with Slackbot. A message to the id of a direct message channel does not.
    """
    channel = find_destination(world, args.text("channel"))
    if channel.id != args.text("channel") and channel.kind == "im" and _has_custom_name(args):
        return get_slackbot_channel(world, channel.user_id)
    return channel


def _own_post(world: World, args: Arguments, error: str) -> tuple[Channel, Post]:
    channel = find_channel(world, args.text("channel"))
    post = find_post(channel, args.text("ts"))
    if post.bot_id != world.app.bot_id:
        raise WebApiError(error)
    return channel, post


def _check_length(args: Arguments) -> None:
    if len(args.text("text")) > MAX_UPDATE_CHARS:
        raise WebApiError(error="msg_too_long")


def _check_rich_text(post: Post, draft: Draft) -> None:
    """Reject other blocks in place of rich text, as Slack documents `block_mismatch`."""
    if draft.blocks and _has_rich_text(post.blocks) and not _has_rich_text(draft.blocks):
        raise WebApiError(error="block_mismatch")


def _has_rich_text(blocks: list[Json]) -> bool:
    return any(block["type"] == "rich_text" for block in blocks)


def _json_argument(args: Arguments, name: str, error: str) -> object:
    try:
        return args.json(name)
    except ValueError:
        raise WebApiError(error) from None


def _markdown_text(args: Arguments, text: str | None, blocks: list[Json] | None) -> str:
    markdown = args.text("markdown_text")
    if markdown and (text or blocks):
        raise WebApiError(error="markdown_text_conflict")
    if len(markdown) > MAX_MARKDOWN_CHARS:
        raise WebApiError(error="msg_too_long")
    return markdown


def _read_metadata(args: Arguments) -> Json | None:
    value = _json_argument(args, "metadata", "invalid_metadata_format")
    if value is None or value == {}:
        return value
    if not _is_metadata(value):
        raise WebApiError(error="invalid_metadata_format")
    if len(encode(value)) > MAX_METADATA_BYTES:
        raise WebApiError(error="metadata_too_large")
    return dict(value) if isinstance(value, Mapping) else None


def _is_metadata(value: object) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("event_type"), str)
        and isinstance(value.get("event_payload"), dict)
    )


def _resolve_thread(channel: Channel, args: Arguments) -> str | None:
    """Return the ts of the thread to reply in; the ts of a reply selects the thread it is in."""
    thread_ts = args.text("thread_ts")
    if not thread_ts:
        return None
    parent = channel.posts.get(thread_ts)
    if parent is None:
        raise WebApiError(error="cannot_reply_to_message")
    return parent.thread_ts or thread_ts


def _custom_username(world: World, args: Arguments) -> str | None:
    if _has_custom_name(args) and "chat:write.customize" not in world.manifest.scopes:
        raise missing_scope_error(world, ("chat:write.customize",))
    return args.text("username") or None


def _has_custom_name(args: Arguments) -> bool:
    return any(args.has(name) for name in ("username", "icon_emoji", "icon_url"))
