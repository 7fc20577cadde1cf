"""Sending, editing and deleting messages, and sending slash commands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..composer_text import (
    Mentions,
    find_mentions,
    to_command_text,
    to_escaped_command_text,
    to_mrkdwn,
    to_rich_text_block,
)
from ..errors import ActionRejectedError, NotAcknowledgedError, WebApiError
from ..json_codec import Json
from ..message_responses import apply_response
from ..messages import Draft, add_post, delete_post, update_post
from ..payloads import slash_command
from ..response_urls import ResponseUrl
from ..snapshots import MessageSnapshot
from ..workspace import Channel, Post
from .actor import Actor
from .interactions import InteractionResult, send_interaction


@dataclass(frozen=True, slots=True)
class ComposedMessage:
    """A message or command to send in a channel, optionally in a thread (by ts)."""

    text: str
    channel: str
    thread_ts: str | None = None
    files: list[Json] = field(default_factory=list)


async def send_message(actor: Actor, composed: ComposedMessage) -> Post:
    """Send a message; the app receives it as an event.

    Raises:
        ActionRejectedError: if the message is empty, or `actor` cannot post in the channel.
    """
    channel = actor.workspace.channels[composed.channel]
    _check_can_post(actor, channel)
    if not (composed.text.strip() or composed.files):
        raise ActionRejectedError({"message": "the message is empty"})
    draft = replace(
        _build_draft(actor, channel, composed.text),
        thread_ts=_resolve_thread(channel, composed.thread_ts),
        files=composed.files,
        subtype="file_share" if composed.files else None,
    )
    return add_post(actor.world, channel, draft, actor.id)


async def edit_message(actor: Actor, message: MessageSnapshot, text: str) -> None:
    """Edit a message of `actor`.

    Raises:
        ActionRejectedError: if the message was deleted, or is not by `actor`.
    """
    channel, post = _find_own_post(actor, message)
    update_post(actor.world, channel, post, _build_draft(actor, channel, text))


async def delete_message(actor: Actor, message: MessageSnapshot) -> None:
    """Delete a message of `actor`.

    Raises:
        ActionRejectedError: if the message was deleted, or is not by `actor`.
    """
    delete_post(actor.world, *_find_own_post(actor, message))


def _build_draft(actor: Actor, channel: Channel, text: str) -> Draft:
    mentions, block_id = _mentions(actor, channel), actor.world.ids.block_id()
    blocks = [to_rich_text_block(text, block_id, mentions)] if text else []
    return Draft(to_mrkdwn(text, mentions), blocks)


def _mentions(actor: Actor, channel: Channel) -> Mentions:
    return find_mentions(actor.workspace, actor.id, channel)


def _find_own_post(actor: Actor, message: MessageSnapshot) -> tuple[Channel, Post]:
    channel = actor.workspace.channels[message.channel]
    post = channel.posts.get(message.ts)
    if post is None or post.user != actor.id:
        raise ActionRejectedError({"message": "the message was deleted or is by another user"})
    return channel, post


async def send_command(actor: Actor, composed: ComposedMessage) -> InteractionResult:
    """Send a slash command, and show the message in the app's response, if any.

    Raises:
        ActionRejectedError: if the manifest has no such command, it is sent in a thread, or `actor`
            cannot post in the channel.
        NotAcknowledgedError: if the app does not respond in time, or not validly.
    """
    name, _, text = composed.text.partition(" ")
    command = actor.world.manifest.commands.get(name)
    if command is None:
        raise ActionRejectedError({name: "not a command of the app"})
    if composed.thread_ts is not None:
        raise ActionRejectedError({name: "commands do not work in threads"})
    channel = actor.workspace.channels[composed.channel]
    _check_can_post(actor, channel)
    encode = to_escaped_command_text if command.should_escape else to_command_text
    payload = slash_command(
        actor.world, actor.id, (name, encode(text.strip(), _mentions(actor, channel))), channel
    )
    result = await send_interaction(actor.world, payload, "slash_commands")
    _apply_command_response(actor, channel, name, result.ack.body)
    return result


def _check_can_post(actor: Actor, channel: Channel) -> None:
    manifest = actor.world.manifest
    if channel.kind == "im" and not manifest.messages_tab:
        raise ActionRejectedError({"messages": "the app has no Messages tab"})
    if channel.kind == "im" and manifest.messages_read_only:
        raise ActionRejectedError({"messages": "the app's Messages tab is read-only"})
    if channel.is_archived or actor.id not in channel.members:
        raise ActionRejectedError({channel.name: "the user cannot post in this channel"})


def _resolve_thread(channel: Channel, ts: str | None) -> str | None:
    if ts is None:
        return None
    parent = channel.posts.get(ts)
    if parent is None:
        raise ActionRejectedError({"thread": "the parent message was deleted"})
    return parent.thread_ts or parent.ts


def _apply_command_response(actor: Actor, channel: Channel, name: str, body: object) -> None:
    if body in (None, "", {}):
        return
    response = body if isinstance(body, dict) else {"text": str(body)}
    url = ResponseUrl(
        channel.id, actor.id, None, is_ephemeral=False, created_at=actor.world.clock.now()
    )
    try:
        apply_response(actor.world, url, response)
    except WebApiError as error:
        raise NotAcknowledgedError(name, f"Slack rejects the response: {error.response}") from error
