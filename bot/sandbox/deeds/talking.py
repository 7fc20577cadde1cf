"""Writing messages and commands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.sandbox.answering import say
from bot.sandbox.deeds.actor import Actor
from bot.sandbox.deeds.interacting import Sent, interact
from bot.sandbox.errors import NotAcknowledged, Refusal, Rejected
from bot.sandbox.payloads import command
from bot.sandbox.posting import Draft, edit, post, remove
from bot.sandbox.response_urls import ResponseUrl
from bot.sandbox.snapshots import Message
from bot.sandbox.typed import as_escaped, as_rich_text, as_sent, as_text, names_of
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Channel, Post


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody is about to send, and where: a channel, and a thread in it."""

    text: str
    channel: str
    thread: str | None = None
    files: list[Json] = field(default_factory=list)


async def write(actor: Actor, remark: Remark) -> Post:
    """Let `actor` write a message; it reaches the app as an event.

    Raises:
        Rejected: if there is nothing to send, or she cannot write there.
    """
    channel = actor.workspace.channels[remark.channel]
    _check_open(actor, channel)
    if not (remark.text.strip() or remark.files):
        raise Rejected({"message": "it is empty"})
    draft = replace(
        _typed(actor, remark.text),
        thread_ts=_parent(channel, remark.thread),
        files=remark.files,
        subtype="file_share" if remark.files else None,
    )
    return post(actor.world, channel, draft, actor.id)


async def rewrite(actor: Actor, message: Message, text: str) -> None:
    """Let `actor` change what a message of hers says.

    Raises:
        Rejected: if it is not hers or is gone.
    """
    channel, old = _own(actor, message)
    edit(actor.world, channel, old, _typed(actor, text))


async def erase(actor: Actor, message: Message) -> None:
    """Let `actor` delete a message of hers.

    Raises:
        Rejected: if it is not hers or is gone.
    """
    remove(actor.world, *_own(actor, message))


def _typed(actor: Actor, text: str) -> Draft:
    names, block_id = names_of(actor.workspace), actor.world.names.block()
    blocks = [as_rich_text(text, block_id, names)] if text else []
    return Draft(as_sent(text, names), blocks)


def _own(actor: Actor, message: Message) -> tuple[Channel, Post]:
    channel = actor.workspace.channels[message.channel]
    old = channel.posts.get(message.ts)
    if old is None or old.user != actor.id:
        raise Rejected({"message": "it is gone, or not hers to change"})
    return channel, old


async def order(actor: Actor, remark: Remark) -> Sent:
    """Let `actor` enter a slash command; what the app answers only she sees.

    Raises:
        Rejected: if the manifest has no such command, or it is written into a thread.
        NotAcknowledged: if the app does not answer, or with something Slack cannot use.
    """
    name, _, text = remark.text.partition(" ")
    known = actor.world.manifest.commands.get(name)
    if known is None:
        raise Rejected({name: "this is not a command of the app"})
    if remark.thread is not None:
        raise Rejected({name: "commands do not work in threads"})
    channel = actor.workspace.channels[remark.channel]
    escape = as_escaped if known.should_escape else as_text
    payload = command(actor.world, actor.id, (name, escape(text.strip(), actor.workspace)), channel)
    sent = await interact(actor.world, payload, "slash_commands")
    _hear(actor, channel, name, sent.ack.body)
    return sent


def _check_open(actor: Actor, channel: Channel) -> None:
    manifest = actor.world.manifest
    if channel.kind == "im" and not manifest.messages_tab:
        raise Rejected({"messages": "the app has no Messages tab"})
    if channel.kind == "im" and manifest.messages_read_only:
        raise Rejected({"messages": "the app's Messages tab is read-only"})
    if channel.is_archived or actor.id not in channel.members:
        raise Rejected({channel.name: "she cannot write there"})


def _parent(channel: Channel, thread: str | None) -> str | None:
    if thread is None:
        return None
    parent = channel.posts.get(thread)
    if parent is None:
        raise Rejected({"thread": "the message it would answer is gone"})
    return parent.thread_ts or parent.ts


def _hear(actor: Actor, channel: Channel, name: str, body: object) -> None:
    if body in (None, "", {}):
        return
    answer = body if isinstance(body, dict) else {"text": str(body)}
    url = ResponseUrl(channel.id, actor.id, None, ephemeral=False, born=actor.world.clock.now())
    try:
        say(actor.world, url, answer)
    except Refusal as refusal:
        raise NotAcknowledged(name, f"Slack says {refusal.answer}") from refusal
