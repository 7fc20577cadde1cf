"""Writing messages and commands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.sandbox.actions.actor import Actor
from bot.sandbox.actions.interactions import InteractionResult, send_interaction
from bot.sandbox.composer_text import (
    to_command_text,
    to_escaped_command_text,
    to_mrkdwn,
    to_rich_text_block,
    user_ids_by_name,
)
from bot.sandbox.errors import ActionRejectedError, NotAcknowledgedError, WebApiError
from bot.sandbox.json_codec import Json
from bot.sandbox.message_responses import apply_response
from bot.sandbox.messages import Draft, add_post, delete_post, update_post
from bot.sandbox.payloads import slash_command
from bot.sandbox.response_urls import ResponseUrl
from bot.sandbox.snapshots import MessageSnapshot
from bot.sandbox.workspace import Channel, Post


@dataclass(frozen=True, slots=True)
class ComposedMessage:
    """What somebody is about to send, and where: a channel, and a thread in it."""

    text: str
    channel: str
    thread: str | None = None
    files: list[Json] = field(default_factory=list)


async def send_message(actor: Actor, composed: ComposedMessage) -> Post:
    """Let `actor` write a message; it reaches the app as an event.

    Raises:
        Rejected: if there is nothing to send, or she cannot write there.
    """
    channel = actor.workspace.channels[composed.channel]
    _check_can_post(actor, channel)
    if not (composed.text.strip() or composed.files):
        raise ActionRejectedError({"message": "it is empty"})
    draft = replace(
        _build_draft(actor, composed.text),
        thread_ts=_resolve_thread(channel, composed.thread),
        files=composed.files,
        subtype="file_share" if composed.files else None,
    )
    return add_post(actor.world, channel, draft, actor.id)


async def edit_message(actor: Actor, message: MessageSnapshot, text: str) -> None:
    """Let `actor` change what a message of hers says.

    Raises:
        Rejected: if it is not hers or is gone.
    """
    channel, old = _find_own_post(actor, message)
    update_post(actor.world, channel, old, _build_draft(actor, text))


async def delete_message(actor: Actor, message: MessageSnapshot) -> None:
    """Let `actor` delete a message of hers.

    Raises:
        Rejected: if it is not hers or is gone.
    """
    delete_post(actor.world, *_find_own_post(actor, message))


def _build_draft(actor: Actor, text: str) -> Draft:
    names, block_id = user_ids_by_name(actor.workspace), actor.world.ids.block_id()
    blocks = [to_rich_text_block(text, block_id, names)] if text else []
    return Draft(to_mrkdwn(text, names), blocks)


def _find_own_post(actor: Actor, message: MessageSnapshot) -> tuple[Channel, Post]:
    channel = actor.workspace.channels[message.channel]
    old = channel.posts.get(message.ts)
    if old is None or old.user != actor.id:
        raise ActionRejectedError({"message": "it is gone, or not hers to change"})
    return channel, old


async def send_command(actor: Actor, composed: ComposedMessage) -> InteractionResult:
    """Let `actor` enter a slash command; what the app answers only she sees.

    Raises:
        Rejected: if the manifest has no such command, or it is written into a thread.
        NotAcknowledged: if the app does not answer, or with something Slack cannot use.
    """
    name, _, text = composed.text.partition(" ")
    command = actor.world.manifest.commands.get(name)
    if command is None:
        raise ActionRejectedError({name: "this is not a command of the app"})
    if composed.thread is not None:
        raise ActionRejectedError({name: "commands do not work in threads"})
    channel = actor.workspace.channels[composed.channel]
    encode = to_escaped_command_text if command.should_escape else to_command_text
    payload = slash_command(
        actor.world, actor.id, (name, encode(text.strip(), actor.workspace)), channel
    )
    sent = await send_interaction(actor.world, payload, "slash_commands")
    _apply_command_response(actor, channel, name, sent.ack.body)
    return sent


def _check_can_post(actor: Actor, channel: Channel) -> None:
    manifest = actor.world.manifest
    if channel.kind == "im" and not manifest.messages_tab:
        raise ActionRejectedError({"messages": "the app has no Messages tab"})
    if channel.kind == "im" and manifest.messages_read_only:
        raise ActionRejectedError({"messages": "the app's Messages tab is read-only"})
    if channel.is_archived or actor.id not in channel.members:
        raise ActionRejectedError({channel.name: "she cannot write there"})


def _resolve_thread(channel: Channel, thread: str | None) -> str | None:
    if thread is None:
        return None
    parent = channel.posts.get(thread)
    if parent is None:
        raise ActionRejectedError({"thread": "the message it would answer is gone"})
    return parent.thread_ts or parent.ts


def _apply_command_response(actor: Actor, channel: Channel, name: str, body: object) -> None:
    if body in (None, "", {}):
        return
    answer = body if isinstance(body, dict) else {"text": str(body)}
    url = ResponseUrl(
        channel.id, actor.id, None, is_ephemeral=False, created_at=actor.world.clock.now()
    )
    try:
        apply_response(actor.world, url, answer)
    except WebApiError as refusal:
        raise NotAcknowledgedError(name, f"Slack says {refusal.response}") from refusal
