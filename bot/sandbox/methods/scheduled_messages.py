"""chat.scheduleMessage, chat.deleteScheduledMessage and chat.scheduledMessages.list."""

from __future__ import annotations

from datetime import timedelta

from ..arguments import Arguments
from ..errors import WebApiError
from ..json_codec import Json
from ..lookups import find_destination
from ..messages import add_post
from ..workspace import ScheduledMessage
from ..world import World
from .chat import MAX_UPDATE_CHARS, read_draft
from .pagination import paginate

MAX_DELAY = timedelta(days=120)


def schedule_message(world: World, args: Arguments) -> Json:
    """Handle chat.scheduleMessage."""
    channel = find_destination(world, args.text("channel"))
    delay = _parse_delay(world, args.text("post_at"))
    if len(args.text("text")) > MAX_UPDATE_CHARS:
        raise WebApiError(error="msg_too_long")
    draft = read_draft(world, args, channel)
    if draft.is_empty:
        raise WebApiError(error="no_text")
    scheduled = ScheduledMessage(
        world.ids.new("Q"), channel.id, args.text("post_at"), draft.text or ""
    )
    world.workspace.scheduled[scheduled.id] = scheduled

    def post_when_due() -> None:
        if world.workspace.scheduled.pop(scheduled.id, None):
            add_post(world, channel, draft)

    world.scheduler.call_later(delay, post_when_due)
    message = {"type": "delayed_message", "text": scheduled.text, "bot_id": world.app.bot_id}
    return _scheduled_json(scheduled) | {"scheduled_message_id": scheduled.id, "message": message}


def delete_scheduled(world: World, args: Arguments) -> Json:
    """Handle chat.deleteScheduledMessage."""
    scheduled = world.workspace.scheduled.get(args.text("scheduled_message_id"))
    if scheduled is None or scheduled.channel != args.text("channel"):
        raise WebApiError(error="invalid_scheduled_message_id")
    del world.workspace.scheduled[scheduled.id]
    return {}


def list_scheduled(world: World, args: Arguments) -> Json:
    """Handle chat.scheduledMessages.list."""
    channel_id = args.text("channel")
    matching = [
        scheduled
        for scheduled in world.workspace.scheduled.values()
        if channel_id in {"", scheduled.channel}
    ]
    page, metadata = paginate(matching, args, maximum=100)
    bodies = [
        {"id": scheduled.id, "channel_id": scheduled.channel} | _scheduled_json(scheduled)
        for scheduled in page
    ]
    return {"scheduled_messages": bodies} | metadata


def _parse_delay(world: World, post_at: str) -> timedelta:
    if not post_at.isdigit():
        raise WebApiError(error="invalid_time")
    delay = timedelta(seconds=int(post_at) - world.clock.now().timestamp())
    if delay <= timedelta():
        raise WebApiError(error="time_in_past")
    if delay > MAX_DELAY:
        raise WebApiError(error="time_too_far")
    return delay


def _scheduled_json(scheduled: ScheduledMessage) -> Json:
    return {"channel": scheduled.channel, "post_at": scheduled.post_at}
