"""chat.scheduleMessage and what belongs to it."""

from __future__ import annotations

from datetime import timedelta

from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import Refusal
from bot.sandbox.finding import find_destination
from bot.sandbox.methods.chat import LONGEST_UPDATE, read_draft
from bot.sandbox.methods.pages import page
from bot.sandbox.posting import post
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Scheduled
from bot.sandbox.world import World

FARTHEST = timedelta(days=120)


def schedule(world: World, args: Arguments) -> Json:
    """chat.scheduleMessage."""
    channel = find_destination(world, args.text("channel"))
    after = _delay(world, args.text("post_at"))
    if len(args.text("text")) > LONGEST_UPDATE:
        raise Refusal(error="msg_too_long")
    draft = read_draft(world, args, channel)
    if draft.is_empty:
        raise Refusal(error="no_text")
    waiting = Scheduled(world.names.new("Q"), channel.id, args.text("post_at"), draft.text or "")
    world.workspace.scheduled[waiting.id] = waiting

    def due() -> None:
        if world.workspace.scheduled.pop(waiting.id, None):
            post(world, channel, draft)

    world.timetable.later(after, due)
    message = {"type": "delayed_message", "text": waiting.text, "bot_id": world.app.bot_id}
    return _json(waiting) | {"scheduled_message_id": waiting.id, "message": message}


def delete_scheduled(world: World, args: Arguments) -> Json:
    """chat.deleteScheduledMessage."""
    waiting = world.workspace.scheduled.get(args.text("scheduled_message_id"))
    if waiting is None or waiting.channel != args.text("channel"):
        raise Refusal(error="invalid_scheduled_message_id")
    del world.workspace.scheduled[waiting.id]
    return {}


def list_scheduled(world: World, args: Arguments) -> Json:
    """chat.scheduledMessages.list."""
    wanted = args.text("channel")
    scheduled = world.workspace.scheduled.values()
    waiting = [one for one in scheduled if wanted in {"", one.channel}]
    found, metadata = page(waiting, args, most=100)
    shapes = [{"id": one.id, "channel_id": one.channel} | _json(one) for one in found]
    return {"scheduled_messages": shapes} | metadata


def _delay(world: World, post_at: str) -> timedelta:
    if not post_at.isdigit():
        raise Refusal(error="invalid_time")
    after = timedelta(seconds=int(post_at) - world.clock.now().timestamp())
    if after <= timedelta():
        raise Refusal(error="time_in_past")
    if after > FARTHEST:
        raise Refusal(error="time_too_far")
    return after


def _json(waiting: Scheduled) -> Json:
    return {"channel": waiting.channel, "post_at": waiting.post_at}
